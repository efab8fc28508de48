/* SPDX-License-Identifier: MIT */
/* A pool that tells what it does: its events to a file, its counts to stdout. */
#include <boundpool.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* What stands for a request that some services refuse at first. */
static int request(void *arg)
{
	const char *host = arg;

	usleep(20000);
	if (strcmp(host, "busy.example") == 0 && bpool_job_attempt() == 1)
		bpool_job_retry_after(30000000);
	return strcmp(host, "gone.example") == 0 ? -ENOENT : 0;
}

/* The counts as an HTTP server would answer GET /metrics. */
static void print_counts(struct bpool *pool)
{
	char page[8192];
	ssize_t n = bpool_stats_prometheus(pool, page, sizeof(page));

	if (n > 0 && (size_t)n < sizeof(page))
		fputs(page, stdout);
}

int main(int argc, char **argv)
{
	static const char *const hosts[] = { "quick.example", "busy.example",
					     "gone.example", "slow.example" };
	const struct bpool_options options = { .size = sizeof(options),
					       .workers = 4,
					       .name = "requests" };
	const struct bpool_limit_options two = { .size = sizeof(two),
						 .max_running = 2 };
	const struct bpool_retry twice = { .attempts = 2, .base_ns = 10000000 };
	struct bpool_limit *limit;
	struct bpool *pool;
	int i, err,
		fd = open(argc > 1 ? argv[1] : "trace.ndjson",
			  O_WRONLY | O_CREAT | O_TRUNC, 0600);

	if (fd < 0 || bpool_create(&pool, &options) < 0)
		return 1;
	err = bpool_trace(pool, fd);
	if (!err)
		err = bpool_limit_create(&limit, pool, &two);
	for (i = 0; !err && i < 40; i++) {
		const char *host = hosts[i % 4];
		const struct bpool_job job = { .limit = limit,
					       .key = host,
					       .retry = &twice };

		err = bpool_submit_with(pool, request, (void *)host, &job);
	}
	bpool_wait(pool, NULL);
	print_counts(pool);
	/* Its last line, and what went wrong in writing it. */
	if (bpool_trace(pool, -1) < 0 || close(fd) < 0)
		err = -1;
	bpool_destroy(pool);
	return err < 0;
}
