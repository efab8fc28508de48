/* SPDX-License-Identifier: MIT */
#include "gate.h"

#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"

#define GATE_LOOK_MS 200 /* between looks at the machine */

void gate_init(struct gate *gate, int64_t delay_ms, double load,
	       uint64_t memory, int stop_fd, struct fds *fds)
{
	*gate = (struct gate){
		.fds = fds,
		.delay_ms = delay_ms,
		.load = load,
		.memory = memory,
		.stop_fd = stop_fd,
		.lock = PTHREAD_MUTEX_INITIALIZER,
		.turns = PTHREAD_COND_INITIALIZER,
	};
}

void gate_fini(struct gate *gate)
{
	pthread_cond_destroy(&gate->turns);
	pthread_mutex_destroy(&gate->lock);
}

void gate_share(struct gate *gate, struct shares *shares)
{
	gate->shares = shares;
}

void gate_share_tokens(struct gate *gate, struct jobserver *jobserver)
{
	gate->jobserver = jobserver_is_open(jobserver) ? jobserver : NULL;
}

/* As in the library's rate.h: one start a step, and so many at once after a
 * rest. */
void gate_rate(struct gate *gate, const struct bpool_rate *rate)
{
	uint64_t burst = rate->burst ? rate->burst : 1, steps;

	if (!rate->starts)
		return;
	steps = rate->starts - burst + 1;
	gate->step_us = (int64_t)((rate->period_ns / steps + 999) / 1000);
	gate->slack_us = (int64_t)(burst - 1) * gate->step_us;
}

bool gate_is_there(const struct gate *gate)
{
	return gate->delay_ms || gate->load > 0 || gate->memory ||
	       gate->shares || gate->jobserver;
}

bool gate_sleep(const struct gate *gate, int64_t until_ms)
{
	struct pollfd stop = { .fd = gate->stop_fd, .events = POLLIN };
	int64_t left;

	while ((left = until_ms - now_ms()) > 0)
		if (poll(&stop, 1, left < INT_MAX ? (int)left : INT_MAX) > 0)
			return false;
	return true;
}

/*
 * One waits at a time, in the order in which they came: what it starts is to
 * be seen by the next, whether it is looked at by the clock or by the machine.
 */
static void gate_come(struct gate *gate)
{
	uint64_t turn;

	pthread_mutex_lock(&gate->lock);
	turn = gate->come++;
	while (gate->gone != turn)
		pthread_cond_wait(&gate->turns, &gate->lock);
	pthread_mutex_unlock(&gate->lock);
}

static void gate_go(struct gate *gate)
{
	pthread_mutex_lock(&gate->lock);
	gate->gone++;
	pthread_cond_broadcast(&gate->turns);
	pthread_mutex_unlock(&gate->lock);
}

/* The beginning of a file of /proc; empty where there is none. */
static void proc_read(const char *path, struct fds *fds, char *text,
		      size_t size)
{
	ssize_t len = 0;
	int fd;

	fds_lock(fds);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	fds_unlock(fds);
	if (fd >= 0) {
		len = read(fd, text, size - 1);
		close(fd);
	}
	text[len > 0 ? len : 0] = '\0';
}

/* "0.20 0.18 0.12 3/80 11206": the mean of a minute is late to tell, so what
 * runs just now counts too, without us. */
static double load_now(struct fds *fds)
{
	double load, running;
	char text[128];

	proc_read("/proc/loadavg", fds, text, sizeof(text));
	if (sscanf(text, "%lf %*f %*f %lf", &load, &running) != 2)
		return 0;
	return load > running - 1 ? load : running - 1;
}

static uint64_t memory_available(struct fds *fds)
{
	unsigned long long kib;
	const char *line;
	char text[1024];

	proc_read("/proc/meminfo", fds, text, sizeof(text));
	line = strstr(text, "\nMemAvailable:");
	if (!line || sscanf(line, "\nMemAvailable: %llu", &kib) != 1)
		return UINT64_MAX;
	return (uint64_t)kib * 1024;
}

static bool gate_has_room(const struct gate *gate)
{
	if (gate->load > 0 && load_now(gate->fds) >= gate->load)
		return false;
	return !gate->memory || memory_available(gate->fds) > gate->memory;
}

/* The last thing: others could use it while this one waits.  False: stopped. */
static bool gate_take_token(struct gate *gate, unsigned slot)
{
	if (!gate->jobserver || jobserver_take(gate->jobserver, gate->stop_fd))
		return true;
	if (gate->shares)
		shares_leave(gate->shares, slot);
	return false;
}

/*
 * Sleep until there is a slot, and room as well; false: stopped.  Where there
 * is a slot and no room, others shall have it meanwhile.  There is always a
 * token in the end, since each that this run holds comes back by itself.
 */
static bool gate_take(struct gate *gate, unsigned slot)
{
	bool may = true;

	while (may) {
		if (gate->shares && !shares_take(gate->shares, slot))
			return false;
		if (gate_has_room(gate))
			return gate_take_token(gate, slot);
		if (gate->shares)
			shares_leave(gate->shares, slot);
		may = gate_sleep(gate, now_ms() + GATE_LOOK_MS);
	}
	return false;
}

/* It has all that it needs, and starts no sooner than the rate has it. */
static bool gate_keep_rate(struct gate *gate, unsigned slot)
{
	int64_t now;

	if (!gate->step_us)
		return true;
	if (!gate_sleep(gate, (gate->ahead_us - gate->slack_us + 999) / 1000)) {
		gate_leave(gate, slot);
		return false;
	}
	now = now_us();
	gate->ahead_us =
		(gate->ahead_us > now ? gate->ahead_us : now) + gate->step_us;
	return true;
}

bool gate_wait(struct gate *gate, unsigned slot)
{
	bool may;

	gate_come(gate);
	may = gate_sleep(gate, gate->next_ms) && gate_take(gate, slot) &&
	      gate_keep_rate(gate, slot);
	gate->next_ms = now_ms() + gate->delay_ms;
	gate_go(gate);
	return may;
}

void gate_leave(struct gate *gate, unsigned slot)
{
	if (gate->jobserver)
		jobserver_give(gate->jobserver);
	if (gate->shares)
		shares_leave(gate->shares, slot);
}
