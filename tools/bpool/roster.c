/* SPDX-License-Identifier: MIT */
#include "roster.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "io.h"
#include "lines.h"
#include "message.h"
#include "sessions.h"

/* Bytes of ended jobs before the file is written anew. */
#define ROSTER_MAX (64 * 1024)

#define ROSTER_LOOK_MS 200 /* between looks at who is left */

static char *roster_path(const char *log, const char *more)
{
	char *path;

	return asprintf(&path, "%s.running%s", log, more) < 0 ? NULL : path;
}

static int roster_open(const char *path, struct fds *fds)
{
	int fd;

	fds_lock(fds);
	fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW,
		  0666);
	if (fd < 0)
		fd = -errno;
	fds_unlock(fds);
	return fd;
}

int roster_init(struct roster *roster, const char *path, unsigned slots,
		struct fds *fds)
{
	*roster = (struct roster){
		.path = roster_path(path, ""),
		.fds = fds,
		.slots = slots,
		.lock = PTHREAD_MUTEX_INITIALIZER,
		.entries = calloc(slots, sizeof(*roster->entries)),
		.fd = -ENOMEM,
	};
	if (roster->path && roster->entries)
		roster->fd = roster_open(roster->path, fds);
	if (roster->fd >= 0)
		return 0;
	free(roster->path);
	free(roster->entries);
	return roster->fd;
}

void roster_fini(struct roster *roster)
{
	unsigned i;

	for (i = 0; i < roster->slots; i++)
		free(roster->entries[i].line);
	free(roster->entries);
	(void)unlink(roster->path);
	free(roster->path);
	close(roster->fd);
	pthread_mutex_destroy(&roster->lock);
}

/* With the lock held: at the end of the file. */
static int roster_write(struct roster *roster, struct roster_entry *entry)
{
	int rc = pwrite_all(roster->fd, entry->line, entry->len, roster->end);

	entry->at = roster->end;
	if (!rc)
		roster->end += (off_t)entry->len;
	return rc;
}

/*
 * With the lock held: write the file anew, with those that run alone, beside
 * it and then into its place, so that at any moment it is whole.
 */
static int roster_renew(struct roster *roster)
{
	char *path;
	unsigned i;
	int rc = 0, fd, old = roster->fd;

	if (asprintf(&path, "%s.new", roster->path) < 0)
		return -ENOMEM;
	fd = roster_open(path, roster->fds);
	if (fd < 0) {
		free(path);
		return fd;
	}
	roster->fd = fd;
	roster->end = 0;
	for (i = 0; !rc && i < roster->slots; i++)
		if (roster->entries[i].line)
			rc = roster_write(roster, &roster->entries[i]);
	if (!rc && rename(path, roster->path))
		rc = -errno;
	close(old);
	free(path);
	return rc;
}

int roster_add(struct roster *roster, unsigned slot,
	       const struct roster_job *job, const struct mark *mark)
{
	struct roster_entry *entry = &roster->entries[slot];
	struct text text = { 0 };
	int rc = -ENOMEM;

	rosterline_say(&text, job, mark);
	pthread_mutex_lock(&roster->lock);
	entry->line = text_take(&text);
	entry->len = text.len;
	if (entry->line)
		rc = roster_write(roster, entry);
	pthread_mutex_unlock(&roster->lock);
	return rc;
}

int roster_started(struct roster *roster, unsigned slot, pid_t pid)
{
	struct roster_entry *entry = &roster->entries[slot];
	uint64_t since = sessions_since(pid, roster->fds);
	size_t at, len;
	int rc = 0;

	pthread_mutex_lock(&roster->lock);
	if (entry->line) {
		at = rosterline_fill(entry->line, pid, since, &len);
		rc = pwrite_all(roster->fd, entry->line + at, len,
				entry->at + (off_t)at);
	}
	pthread_mutex_unlock(&roster->lock);
	return rc;
}

int roster_remove(struct roster *roster, unsigned slot)
{
	struct roster_entry *entry = &roster->entries[slot];
	int rc = 0;

	pthread_mutex_lock(&roster->lock);
	if (entry->line)
		rc = pwrite_all(roster->fd, "#", 1, entry->at);
	free(entry->line);
	entry->line = NULL;
	if (!rc && roster->end > ROSTER_MAX)
		rc = roster_renew(roster);
	pthread_mutex_unlock(&roster->lock);
	return rc;
}

/* ---- Those that a killed run left ------------------------------------------- */

static void left_say(const struct roster_job *job, bool wait)
{
	char shown[200], session[50] = "";

	if (job->session)
		(void)snprintf(session, sizeof(session), ", in session %ld,",
			       (long)job->session);
	say("job %llu of the run before%s still runs%s: %s",
	    (unsigned long long)job->number, session, wait ? ": waiting" : "",
	    escaped(shown, sizeof(shown), job->command));
}

/* Whether anybody of that line is alive. */
static bool left_alive(const struct rosterline *left, struct fds *fds)
{
	struct session_past past = { .leader = left->job.session,
				     .since = left->job.since,
				     .job = left->job.mark };
	char boot[MARK_BOOT];

	mark_boot(boot);
	(void)snprintf(past.run, sizeof(past.run), "%s", left->run);
	return strcmp(boot, left->boot) == 0 && sessions_alive(&past, fds);
}

/* Look for who is on that line and wait for his end. */
static int left_see_off(const char *line, bool wait, int stop_fd,
			struct fds *fds)
{
	struct pollfd stop = { .fd = stop_fd, .events = POLLIN };
	struct rosterline left = { 0 };
	bool said = false;

	if (!rosterline_read(line, &left))
		return 0;
	while (left_alive(&left, fds)) {
		if (!said)
			left_say(&left.job, wait);
		said = true;
		if (!wait)
			break;
		if (poll(&stop, 1, ROSTER_LOOK_MS) > 0)
			return -ECANCELED;
	}
	return 0;
}

int roster_see_off(const char *path, bool wait, int stop_fd, struct fds *fds)
{
	char *name = roster_path(path, "");
	char shown[200];
	struct lines lines;
	struct line line;
	int rc;

	if (!name)
		return -ENOMEM;
	if (access(name, F_OK) && errno == ENOENT) {
		free(name);
		return 0;
	}
	rc = lines_init(&lines, &name, 1, '\n', false, stop_fd, fds);
	while (!rc && (rc = lines_next(&lines, &line)) > 0) {
		char *text = strndup(line.text, line.len);

		rc = text ? left_see_off(text, wait, stop_fd, fds) : -ENOMEM;
		free(text);
	}
	if (rc < 0 && rc != -ECANCELED)
		say("%s: %s", escaped(shown, sizeof(shown), name),
		    strerror(-rc));
	lines_fini(&lines);
	free(name);
	return rc;
}
