/* SPDX-License-Identifier: MIT */
#include "roster.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io.h"
#include "lines.h"
#include "message.h"
#include "sessions.h"

/* Bytes of ended jobs before the file is written anew. */
#define ROSTER_MAX (64 * 1024)

#define ROSTER_LOOK_MS 200 /* between looks at who is left */

/* How the file begins, so that it is known from others. */
static const char header[] = "#bpool: who runs now, see the job log\n";

static int roster_open(const char *path, int flags, struct fds *fds)
{
	int fd;

	fds_lock(fds);
	/* Without O_NONBLOCK a FIFO would be waited for. */
	fd = open(path,
		  O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK |
			  flags,
		  0600);
	if (fd < 0)
		fd = -errno;
	fds_unlock(fds);
	return fd;
}

/* Whether the file may be emptied: ours, or what a crash of the machine made
 * of that. */
static int roster_check(int fd)
{
	char begin[sizeof(header) - 1];
	struct stat stat;

	if (fstat(fd, &stat))
		return -errno;
	if (!S_ISREG(stat.st_mode))
		return -EEXIST;
	if (stat.st_size == 0)
		return 0;
	if (stat.st_size < (off_t)sizeof(begin) ||
	    pread_all(fd, begin, sizeof(begin), 0) ||
	    (*begin && memcmp(begin, header, sizeof(begin)) != 0))
		return -EEXIST;
	return 0;
}

/* What went wrong, once. */
static int roster_say(struct roster *roster, int error)
{
	char shown[200];

	if (error && !roster->failed)
		say("%s: %s", escaped(shown, sizeof(shown), roster->path),
		    error == -EEXIST ? "this is not what bpool left there; "
				       "move it away"
				     : strerror(-error));
	roster->failed = roster->failed || error;
	return error;
}

int roster_init(struct roster *roster, const char *log, unsigned slots,
		struct fds *fds)
{
	char *path;
	int rc = -ENOMEM;

	*roster = (struct roster){
		.fds = fds,
		.slots = slots,
		.lock = PTHREAD_MUTEX_INITIALIZER,
		.entries = calloc(slots, sizeof(*roster->entries)),
		.fd = -1,
	};
	/* The log may have several names. */
	path = realpath(log, NULL);
	if (path && asprintf(&roster->path, "%s.running", path) < 0)
		roster->path = NULL;
	free(path);
	if (roster->path && roster->entries) {
		roster->fd = roster_open(roster->path, 0, fds);
		rc = roster->fd < 0 ? roster->fd : roster_check(roster->fd);
	}
	if (!rc)
		return 0;
	if (!roster->path)
		say("beside the job log: %s", strerror(-rc));
	else
		(void)roster_say(roster, rc);
	if (roster->fd >= 0)
		close(roster->fd);
	free(roster->path);
	free(roster->entries);
	return rc;
}

/* Empty it but for the header and those who are left. */
static int roster_begin(struct roster *roster)
{
	size_t len = sizeof(header) - 1;
	int rc = ftruncate(roster->fd, 0) ? -errno : 0;

	if (!rc)
		rc = pwrite_all(roster->fd, header, len, 0);
	if (!rc && roster->left.len)
		rc = pwrite_all(roster->fd, roster->left.data, roster->left.len,
				(off_t)len);
	roster->begin = roster->end = (off_t)(len + roster->left.len);
	return rc;
}

void roster_fini(struct roster *roster)
{
	unsigned i;

	for (i = 0; i < roster->slots; i++)
		free(roster->entries[i].line);
	free(roster->entries);
	/* Not begun: who was in it may still live. */
	if (roster->begin &&
	    (!roster->left.len || ftruncate(roster->fd, roster->begin)))
		(void)unlink(roster->path);
	free(roster->left.data);
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
	else if (ftruncate(roster->fd, roster->end))
		rc = -errno;
	return rc;
}

/* With the lock held: those who are left, and those who run, into a file of
 * another name, and that into the file's place. */
static int roster_renew_into(struct roster *fresh, const char *path)
{
	unsigned i;
	int rc = roster_begin(fresh);

	for (i = 0; !rc && i < fresh->slots; i++)
		if (fresh->entries[i].line)
			rc = roster_write(fresh, &fresh->entries[i]);
	if (!rc && rename(path, fresh->path))
		rc = -errno;
	return rc;
}

/*
 * With the lock held: write the file anew, with those alone that are alive,
 * beside it and then into its place, so that at any moment it is whole.  Where
 * that cannot be, it grows on, and it is tried again later.
 */
static void roster_renew(struct roster *roster)
{
	struct roster fresh = *roster;
	char *path;
	unsigned i;
	int rc;

	roster->renewed = roster->end;
	fresh.entries = calloc(roster->slots, sizeof(*fresh.entries));
	if (!fresh.entries)
		return;
	memcpy(fresh.entries, roster->entries,
	       roster->slots * sizeof(*fresh.entries));
	if (asprintf(&path, "%s.new", roster->path) >= 0) {
		fresh.fd = roster_open(path, O_TRUNC, roster->fds);
		rc = fresh.fd < 0 ? fresh.fd : roster_renew_into(&fresh, path);
		if (!rc) {
			close(roster->fd);
			roster->fd = fresh.fd;
			roster->end = roster->renewed = fresh.end;
			for (i = 0; i < roster->slots; i++)
				roster->entries[i].at = fresh.entries[i].at;
		} else if (fresh.fd >= 0) {
			(void)unlink(path);
			close(fresh.fd);
		}
		free(path);
	}
	free(fresh.entries);
}

int roster_add(struct roster *roster, unsigned slot,
	       const struct roster_job *job, const struct mark *mark)
{
	struct roster_entry *entry = &roster->entries[slot];
	struct text text = { 0 };
	int rc = -ENOMEM;

	rosterline_say(&text, job, mark);
	pthread_mutex_lock(&roster->lock);
	entry->len = text.len;
	entry->line = text_take(&text);
	if (entry->line)
		rc = roster_write(roster, entry);
	if (rc) {
		free(entry->line);
		entry->line = NULL;
	}
	rc = roster_say(roster, rc);
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
	rc = roster_say(roster, rc);
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
	rc = roster_say(roster, rc);
	if (roster->end > roster->renewed + ROSTER_MAX)
		roster_renew(roster);
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

/* Look for who is on that line and wait for his end, or keep the line. */
static int left_see_off(struct roster *roster, const char *line, bool wait,
			int stop_fd)
{
	struct pollfd stop = { .fd = stop_fd, .events = POLLIN };
	struct rosterline left = { 0 };
	bool said = false;

	if (!rosterline_read(line, &left))
		return 0;
	while (left_alive(&left, roster->fds)) {
		if (!said)
			left_say(&left.job, wait);
		said = true;
		if (!wait) {
			text_say(&roster->left, line);
			text_say(&roster->left, "\n");
			break;
		}
		if (poll(&stop, 1, ROSTER_LOOK_MS) > 0)
			return -ECANCELED;
	}
	return 0;
}

int roster_see_off(struct roster *roster, bool wait, int stop_fd)
{
	struct lines lines;
	struct line line;
	int rc;

	rc = lines_init(&lines, &roster->path, 1, '\n', false, stop_fd,
			roster->fds);
	while (!rc && (rc = lines_next(&lines, &line)) > 0) {
		char *text = strndup(line.text, line.len);

		rc = text ? left_see_off(roster, text, wait, stop_fd) : -ENOMEM;
		free(text);
	}
	lines_fini(&lines);
	/* NUL bytes: the machine crashed, and nobody is left. */
	if (rc == -EILSEQ)
		rc = 0;
	if (!rc)
		rc = roster_begin(roster);
	if (!rc && roster->left.failed)
		rc = -ENOMEM;
	return rc == -ECANCELED ? rc : roster_say(roster, rc);
}
