/* SPDX-License-Identifier: MIT */
/*
 * Many HTTP requests, so many at a time:
 *
 *	get [-j WORKERS | -j auto] [-r STARTS] [-n REQUESTS] PORT
 *
 * Sends REQUESTS (default 200) GET requests to 127.0.0.1:PORT, each on a
 * connection of its own, WORKERS (default 5) at a time, and prints how many
 * were answered with 200 and how often the answer was 429.  Exits with 1
 * unless all were 200.
 *
 * "-j auto" finds out how many at a time the server takes, up to 64; -r starts
 * no more than STARTS in a second.  With either, what is refused waits and is
 * tried again, until it is served.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <unistd.h>

#include <boundpool.h>

#define WORKERS_AUTO 64

struct run {
	struct sockaddr_in server;
	unsigned workers;
	bool adaptive;
	uint64_t starts; /* a second; 0: any number */
	bool retried;	 /* what was refused */
	size_t requests;
	/* Counted by the jobs, read when all have returned. */
	atomic_size_t good, refused;
	atomic_int error; /* the last, a negative errno */
};

/* Returns 0 or a negative errno, as everything here does. */
static int request_send(int fd)
{
	static const char text[] = "GET / HTTP/1.0\r\n\r\n";
	size_t sent = 0;
	ssize_t n;

	while (sent < sizeof(text) - 1) {
		n = send(fd, text + sent, sizeof(text) - 1 - sent,
			 MSG_NOSIGNAL);
		if (n < 0)
			return -errno;
		sent += (size_t)n;
	}
	return 0;
}

/* Reads to the end; what comes after the status line is thrown away. */
static int status_receive(int fd)
{
	char head[64] = "", rest[512];
	size_t len = 0;
	ssize_t n;
	int status;

	while (len < sizeof(head) - 1) {
		n = recv(fd, head + len, sizeof(head) - 1 - len, 0);
		if (n < 0)
			return -errno;
		if (n == 0)
			break;
		len += (size_t)n;
	}
	do
		n = recv(fd, rest, sizeof(rest), 0);
	while (n > 0);
	if (n < 0)
		return -errno;
	if (sscanf(head, "HTTP/1.%*1[01] %3d", &status) != 1)
		return -EPROTO;
	return status;
}

/* One request, beginning to end, with calls that block: the status of its
 * answer. */
static int request(const struct sockaddr_in *server)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int result;

	if (fd < 0)
		return -errno;
	if (connect(fd, (const struct sockaddr *)server, sizeof(*server)) < 0)
		result = -errno;
	else
		result = request_send(fd);
	if (result == 0)
		result = status_receive(fd);
	close(fd);
	return result;
}

/*
 * The job.  `arg` is the run.  A job that says that it was refused and has a
 * retry is called again, after a pause that no worker spends waiting.  (Where
 * the server says how long that should be, as by Retry-After, this would be
 * bpool_job_retry_after().)
 */
static int get(void *arg)
{
	struct run *run = arg;
	int result = request(&run->server);

	if (result == 200) {
		atomic_fetch_add(&run->good, 1);
	} else if (result == 429) {
		atomic_fetch_add(&run->refused, 1);
		bpool_job_overloaded(NULL);
	} else if (result < 0) {
		atomic_store(&run->error, result);
	}
	return result;
}

/* Submitting sleeps while enough are in flight: memory does not grow with the
 * number of requests, and all of them share one argument. */
static int all_submit(struct run *run, struct bpool *pool)
{
	const struct bpool_retry retry = { .attempts = 5 };
	struct bpool_job job = { .retry = NULL };
	int err = 0;
	size_t i;

	if (run->retried)
		job.retry = &retry;
	for (i = 0; i < run->requests && !err; i++)
		err = bpool_submit_with(pool, get, run, &job);
	return err;
}

/* 0 if all went well, 1 if some did not, or a negative errno. */
static int get_all(struct run *run)
{
	struct bpool_limit_options limit = {
		.size = sizeof(limit),
		.rate = { run->starts, 1000000000, 1 },
		.adaptive.ceiling = run->adaptive ? run->workers : 0,
	};
	struct bpool_options options = { .size = sizeof(options),
					 .workers = run->workers,
					 .limit = run->retried ? &limit
							       : NULL };
	struct bpool *pool;
	int err;

	err = bpool_create(&pool, &options);
	if (err)
		return err;
	err = all_submit(run, pool);
	bpool_destroy(pool);
	if (err)
		return err;
	printf("200: %zu, 429: %zu\n", run->good, run->refused);
	if (run->good == run->requests)
		return 0;
	return run->error ? run->error : 1;
}

/* A number from 1 to `most`, or 0. */
static unsigned long number(const char *text, unsigned long most)
{
	char *end;
	unsigned long value;

	errno = 0;
	value = strtoul(text, &end, 10);
	if (errno || *end || *text < '0' || *text > '9' || value > most)
		return 0;
	return value;
}

/* 0, or -EINVAL if the arguments make no sense. */
static int run_parse(struct run *run, int argc, char **argv)
{
	unsigned long port = 0;
	int option;

	while ((option = getopt(argc, argv, "j:n:r:")) != -1) {
		if (option == 'j' && strcmp(optarg, "auto") == 0)
			run->adaptive = true;
		else if (option == 'j')
			run->workers = (unsigned)number(optarg, 1024);
		else if (option == 'n')
			run->requests = number(optarg, 1000000);
		else if (option == 'r')
			run->starts = number(optarg, 1000000);
		else
			return -EINVAL;
		if (option == 'r' && !run->starts)
			return -EINVAL;
	}
	if (run->adaptive)
		run->workers = WORKERS_AUTO;
	run->retried = run->adaptive || run->starts;
	if (argc - optind == 1)
		port = number(argv[optind], 65535);
	if (!port || !run->workers || !run->requests)
		return -EINVAL;
	run->server.sin_family = AF_INET;
	run->server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	run->server.sin_port = htons((uint16_t)port);
	return 0;
}

int main(int argc, char **argv)
{
	struct run run = { .workers = 5, .requests = 200 };
	int err;

	if (run_parse(&run, argc, argv)) {
		fprintf(stderr, "usage: get [-j WORKERS | -j auto] [-r STARTS] "
				"[-n REQUESTS] PORT\n");
		return 2;
	}
	err = get_all(&run);
	if (err < 0)
		fprintf(stderr, "get: %s\n", strerror(-err));
	if (fflush(stdout) != 0) {
		fprintf(stderr, "get: stdout: %s\n", strerror(errno));
		err = 1;
	}
	return err ? 1 : 0;
}
