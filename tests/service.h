/* SPDX-License-Identifier: MIT */
/*
 * Services, in real time, for what `make measure` shows of limits: what a job
 * asks, and what it was told.  What they count is what they saw.
 */
#ifndef SERVICE_H
#define SERVICE_H

#include <boundpool.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MS UINT64_C(1000000) /* in nanoseconds */
#define COUNT(array) (sizeof(array) / sizeof(*(array)))

/* Of answers and refusals, by time: so long each. */
#define SLICE_NS (50 * MS)
#define SLICES 2048u

struct service {
	/* Fixed but for those that service_change() changes. */
	unsigned capacity;
	uint64_t median_ns; /* of the time that an answer takes */
	double sigma;	    /* of its logarithm; 0: always the median */
	bool queues;	    /* beyond its capacity it lets wait, else it
			     * refuses at once */
	double fails;	    /* share of plain failures */

	pthread_mutex_t lock; /* guards what follows */
	pthread_cond_t room;
	uint64_t since_ns;
	unsigned running, waiting, peak;
	uint64_t served, refused;
	uint64_t refused_after_100; /* the first hundred answers */
	uint64_t latency_ns;	    /* of all that were served, waiting too */
	uint32_t served_in[SLICES], refused_in[SLICES];
};

enum answer {
	SERVED,
	REFUSED,
	FAILED
};

uint64_t clock_ns(void);

/* Only what is fixed is set yet. */
void service_begin(struct service *service);
void service_end(struct service *service);

/* Ask it, from any thread; sleeps as long as the answer takes. */
enum answer service_ask(struct service *service);

void service_change(struct service *service, unsigned capacity,
		    uint64_t median_ns);

/* Answers between two times of the service, in seconds since it began. */
uint64_t service_served(const struct service *service, double from, double to);
uint64_t service_refused(const struct service *service, double from, double to);

/* A job that asks the service it is given: 0, or it says that it was refused,
 * or -EIO. */
int service_job(void *service);

/* End the program where err is not 0. */
void must(int err, const char *what);

/* A pool, a limit of it, or the end. */
struct bpool *pool_with(unsigned workers, size_t max_in_flight,
			const struct bpool_limit_options *limit);
struct bpool_limit *limit_with(struct bpool *pool,
			       const struct bpool_limit_options *options);
#define LIMIT(...)                                                             \
	(&(struct bpool_limit_options){                                        \
		.size = sizeof(struct bpool_limit_options),                    \
		__VA_ARGS__ })
#define TERMS(...) (&(struct bpool_job){ __VA_ARGS__ })

/* A line of the table: what is asked, and what came out. */
void row(int number, const char *what, const char *asked, const char *format,
	 ...) __attribute__((format(printf, 4, 5)));

#endif
