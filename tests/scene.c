/* SPDX-License-Identifier: MIT */
#include "scene.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define STEP (10 * MS)
#define TEXT_OF(x) #x
#define TEXT(x) TEXT_OF(x)
#define TRY_LATER                                                              \
	75 /* EX_TEMPFAIL: bpool's jobs say so that they were refused */

/* Where it is time, it changes. False: it is over. */
static bool scene_goes_on(struct scene *scene)
{
	struct service *service = &scene->service;
	double at = (double)(clock_ns() - service->since_ns) / 1e9;
	const struct change *change = &scene->changes[scene->next];

	if (scene->next < scene->nchanges && at >= change->at) {
		service_change(service, change->capacity, change->median_ns);
		scene->next++;
	}
	return at < scene->seconds;
}

/* ---- The library's jobs ---------------------------------------------------------- */

static void play_library(struct scene *scene, unsigned fixed)
{
	struct bpool_limit_options number = { .size = sizeof(number),
					      .max_running = fixed },
				   finds = { .size = sizeof(finds),
					     .adaptive = { .ceiling =
								   CEILING } };
	struct bpool *pool =
		pool_with(CEILING, 2 * CEILING, fixed ? &number : &finds);
	struct bpool_retry once = { .attempts = 1 };

	while (scene_goes_on(scene)) {
		struct timespec soon = bpool_after(STEP);
		int err = bpool_submit_with(pool, service_job, &scene->service,
					    TERMS(.retry = &once,
						  .until = &soon));

		if (err != -ETIMEDOUT)
			must(err, "a job");
	}
	must(bpool_close(pool, BPOOL_CANCEL), "to close");
	must(bpool_destroy(pool), "to end");
}

/* ---- The command's --------------------------------------------------------------- */

/* A name that is in no directory, and is gone with its socket. */
static socklen_t address_of(struct sockaddr_un *address, const char *name)
{
	*address = (struct sockaddr_un){ .sun_family = AF_UNIX };
	snprintf(address->sun_path + 1, sizeof(address->sun_path) - 1, "%s",
		 name);
	return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 +
			   strlen(address->sun_path + 1));
}

static int listen_at(const char *name)
{
	struct sockaddr_un address;
	socklen_t len = address_of(&address, name);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&address, len) ||
	    listen(fd, 2 * CEILING))
		must(-errno, "a socket");
	return fd;
}

/* Whoever asks hears a byte, an enum answer. */
int scene_ask(const char *name)
{
	struct sockaddr_un address;
	socklen_t len = address_of(&address, name);
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	char answer;

	if (fd < 0 || connect(fd, (struct sockaddr *)&address, len) ||
	    read(fd, &answer, 1) != 1)
		return EXIT_FAILURE;
	return answer == REFUSED  ? TRY_LATER
	       : answer == FAILED ? EXIT_FAILURE
				  : EXIT_SUCCESS;
}

struct caller {
	struct service *service;
	int fd;
};

/* Nobody hears it where bpool was stopped. */
static int answer_caller(void *arg)
{
	struct caller *caller = arg;
	char answer = (char)service_ask(caller->service);

	(void)send(caller->fd, &answer, 1, MSG_NOSIGNAL);
	close(caller->fd);
	free(caller);
	return 0;
}

static void accept_caller(struct scene *scene, struct bpool *pool, int door)
{
	struct caller *caller = malloc(sizeof(*caller));

	must(caller ? 0 : -ENOMEM, "a caller");
	*caller = (struct caller){ &scene->service,
				   accept4(door, NULL, NULL, SOCK_CLOEXEC) };
	must(caller->fd < 0 ? -errno : 0, "to be called");
	must(bpool_submit(pool, answer_caller, caller), "an answer");
}

/* More lines than it has time for. */
static int open_lines(void)
{
	char lines[4096];
	int fd = memfd_create("lines", MFD_CLOEXEC);

	for (size_t i = 0; i < sizeof(lines); i++)
		lines[i] = i % 2 ? '\n' : '1';
	must(fd < 0 ? -errno : 0, "memory for lines");
	for (size_t i = 0; i < 256; i++)
		if (write(fd, lines, sizeof(lines)) != sizeof(lines))
			must(-ENOSPC, "lines");
	must(lseek(fd, 0, SEEK_SET) < 0 ? -errno : 0, "lines");
	return fd;
}

static pid_t start_bpool(char *bpool, unsigned fixed, char *name)
{
	char self[200] = "", bound[20] = "auto:" TEXT(CEILING);
	char quiet[] = "-q", at_once[] = "-j", ask[] = "ask";
	char *words[] = { bpool, quiet, at_once, bound, self, ask, name, NULL };
	posix_spawn_file_actions_t actions;
	int lines = open_lines();
	pid_t pid;

	if (readlink("/proc/self/exe", self, sizeof(self) - 1) < 0)
		must(-errno, "/proc/self/exe");
	if (fixed)
		snprintf(bound, sizeof(bound), "%u", fixed);
	must(-posix_spawn_file_actions_init(&actions), "bpool");
	must(-posix_spawn_file_actions_adddup2(&actions, lines, STDIN_FILENO),
	     "bpool");
	must(-posix_spawn(&pid, bpool, &actions, NULL, words, environ), bpool);
	posix_spawn_file_actions_destroy(&actions);
	close(lines);
	return pid;
}

static void play_command(struct scene *scene, unsigned fixed)
{
	struct bpool *pool = pool_with(2 * CEILING, 4 * CEILING, NULL);
	struct pollfd door = { .events = POLLIN };
	char name[60];
	pid_t pid;

	snprintf(name, sizeof(name), "boundpool-%ld", (long)getpid());
	door.fd = listen_at(name);
	pid = start_bpool(scene->bpool, fixed, name);
	while (scene_goes_on(scene))
		if (poll(&door, 1, (int)(STEP / MS)) > 0)
			accept_caller(scene, pool, door.fd);
	kill(pid, SIGTERM);
	if (waitpid(pid, NULL, 0) != pid)
		must(-errno, "bpool");
	close(door.fd);
	must(bpool_destroy(pool), "to end");
}

void scene_play(struct scene *scene, unsigned fixed)
{
	scene->next = 0;
	service_begin(&scene->service);
	if (scene->bpool)
		play_command(scene, fixed);
	else
		play_library(scene, fixed);
	service_end(&scene->service);
}
