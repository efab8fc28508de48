/* SPDX-License-Identifier: MIT */
/*
 * When the next job may start: so long after the one before, in a slot of what
 * it shares with others, while the machine has room for it, and with a token
 * of make's jobserver.
 */
#ifndef GATE_H
#define GATE_H

#include <boundpool.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "fds.h"
#include "jobserver.h"
#include "shares.h"

struct gate {
	struct fds *fds;       /* fixed */
	int64_t delay_ms;      /* fixed; 0: none */
	double load;	       /* fixed; starts below it; 0: at any */
	uint64_t memory;       /* fixed; starts with more available; 0: any */
	int stop_fd;	       /* fixed */
	struct shares *shares; /* fixed; NULL: none */
	struct jobserver *jobserver; /* fixed; NULL: none */
	int64_t step_us, slack_us;   /* fixed; of the rate; 0: none */
	/* Theirs whose turn it is: when the next may start, and when all that
	 * started would be paid for at one a step. */
	int64_t next_ms, ahead_us;
	pthread_mutex_t lock; /* guards what follows; no other is taken under
			       * it */
	pthread_cond_t turns; /* `gone` went on */
	uint64_t come, gone;  /* those who came to the gate; passed it */
};

/* `stop_fd` becomes readable when nobody may start any more. */
void gate_init(struct gate *gate, int64_t delay_ms, double load,
	       uint64_t memory, int stop_fd, struct fds *fds);
void gate_fini(struct gate *gate);

/* Before the first job: who waits here, after the pool's rate let it pass, is
 * to keep that rate all the same. */
void gate_rate(struct gate *gate, const struct bpool_rate *rate);

/* There is anything to wait for. */
bool gate_is_there(const struct gate *gate);

/* Sleep until then; false: none may start any more. */
bool gate_sleep(const struct gate *gate, int64_t until_ms);

/* Before the first job: each holds a slot of these while it is inside. */
void gate_share(struct gate *gate, struct shares *shares);

/* The same: ... and a token of this, if it is one. */
void gate_share_tokens(struct gate *gate, struct jobserver *jobserver);

/*
 * Sleep until the job of this slot (from 0) may start; false: none may any
 * more.  After true, gate_leave() must follow, once the job has been reaped or
 * could not be started.
 */
bool gate_wait(struct gate *gate, unsigned slot);
void gate_leave(struct gate *gate, unsigned slot);

#endif
