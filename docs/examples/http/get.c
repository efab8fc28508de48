/* SPDX-License-Identifier: MIT */
/*
 * Many HTTP requests, so many at a time: get [-j WORKERS] [-n REQUESTS] PORT
 *
 * Sends REQUESTS (default 200) GET requests to 127.0.0.1:PORT, each on a
 * connection of its own, WORKERS (default 5) at a time, and prints how many
 * were answered with 200 and with 429.  Exits with 1 unless all were 200.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <unistd.h>

#include <boundpool.h>

struct run {
	struct sockaddr_in server;
	unsigned workers;
	size_t requests;
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

/*
 * The job: one request, beginning to end, with calls that block.  `arg` is
 * the server's address.  Returns the status of the answer.
 */
static int get(void *arg)
{
	const struct sockaddr_in *server = arg;
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

static size_t count(const int *results, size_t n, int status)
{
	size_t i, found = 0;

	for (i = 0; i < n; i++)
		found += results[i] == status;
	return found;
}

/* 0 if all went well, 1 if some did not, or a negative errno. */
static int get_all(struct run *run)
{
	struct bpool_options options = { .size = sizeof(options),
					 .workers = run->workers };
	int *results = calloc(run->requests, sizeof(*results));
	struct bpool *pool;
	size_t good, refused;
	int err;

	if (!results)
		return -ENOMEM;
	err = bpool_create(&pool, &options);
	if (err)
		goto out;
	/* An arg_size of 0 hands the same address to every request. */
	err = bpool_map(pool, get, &run->server, 0, run->requests, results);
	bpool_destroy(pool);
	if (err)
		goto out;
	good = count(results, run->requests, 200);
	refused = count(results, run->requests, 429);
	printf("200: %zu, 429: %zu\n", good, refused);
	err = good < run->requests;
out:
	free(results);
	return err;
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

	while ((option = getopt(argc, argv, "j:n:")) != -1) {
		if (option == 'j')
			run->workers = (unsigned)number(optarg, 1024);
		else if (option == 'n')
			run->requests = number(optarg, 1000000);
		else
			return -EINVAL;
	}
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
		fprintf(stderr, "usage: get [-j WORKERS] [-n REQUESTS] PORT\n");
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
