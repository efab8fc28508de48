/* SPDX-License-Identifier: MIT */
#include "progress.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "message.h"
#include "meter.h"

#define DRAW_MS 100	  /* between looks, at a terminal */
#define TELL_MS 10000	  /* between lines, elsewhere */
#define PROGRESS_MAX 320u /* longer than any reading */

bool progress_wanted(const struct options *options)
{
	return options->progress ||
	       (statusline_can() && !isatty(STDOUT_FILENO) && !options->quiet &&
		!options->ungroup && !options_list_is_typed(options));
}

static void progress_read(struct progress *p, struct reading *reading)
{
	pthread_mutex_lock(&p->lock);
	if (p->slots)
		slots_tell(p->slots, p->tally);
	pthread_mutex_unlock(&p->lock);
	pthread_mutex_lock(&p->tally->lock);
	reading->counts = p->tally->counts;
	reading->running = p->tally->running;
	reading->limit = p->tally->limit;
	reading->retried = p->tally->retried;
	reading->refused = p->tally->refused;
	reading->pauses = p->tally->pauses;
	pthread_mutex_unlock(&p->tally->lock);
	reading->elapsed_us = now_us() - p->tally->since_us;
}

/* At a terminal: the line, unless it stands there already. */
static void progress_draw(struct progress *p, char drawn[PROGRESS_MAX])
{
	char text[PROGRESS_MAX];
	struct reading reading = { .color = p->color };
	unsigned width = statusline_width();

	progress_read(p, &reading);
	/* The last column would wrap in some terminals. */
	(void)meter_format(text, sizeof(text), &reading,
			   width > 1 ? width - 1 : 1);
	report_show(p->report, text, strcmp(text, drawn) != 0);
	strcpy(drawn, text);
}

static void progress_tell(struct progress *p)
{
	char text[PROGRESS_MAX], all[MESSAGE_MAX];
	size_t len = message_begin(all, sizeof(all));
	struct reading reading = { .color = false };

	progress_read(p, &reading);
	(void)meter_format(text, sizeof(text), &reading, sizeof(text) - 1);
	(void)snprintf(all + len, sizeof(all) - len, "%s\n", text);
	report_print(p->report, STDERR_FILENO, all, strlen(all));
}

/* Sleep so long, or until it is over: true. */
static bool progress_wait(struct progress *p, int64_t ms)
{
	int64_t until = now_us() + ms * 1000;
	struct timespec then = { .tv_sec = (time_t)(until / 1000000),
				 .tv_nsec = (long)(until % 1000000 * 1000) };
	bool over;
	int rc = 0;

	pthread_mutex_lock(&p->lock);
	while (!p->over && rc != ETIMEDOUT)
		rc = pthread_cond_timedwait(&p->ended, &p->lock, &then);
	over = p->over;
	pthread_mutex_unlock(&p->lock);
	return over;
}

static void *progress_thread(void *arg)
{
	struct progress *p = arg;
	char drawn[PROGRESS_MAX] = "";

	while (!progress_wait(p, p->terminal ? DRAW_MS : TELL_MS)) {
		if (p->terminal)
			progress_draw(p, drawn);
		else
			progress_tell(p);
	}
	if (p->terminal)
		report_clear(p->report);
	else
		progress_tell(p);
	return NULL;
}

int progress_init(struct progress *p, bool color, struct tally *tally,
		  struct report *report)
{
	int rc;

	*p = (struct progress){
		.report = report,
		.tally = tally,
		.color = color,
		.terminal = statusline_can(),
		.lock = PTHREAD_MUTEX_INITIALIZER,
	};
	rc = cond_init_monotonic(&p->ended);
	if (rc)
		return rc;
	rc = pthread_create(&p->thread, NULL, progress_thread, p);
	if (rc)
		pthread_cond_destroy(&p->ended);
	return -rc;
}

void progress_watch(struct progress *p, const struct slots *slots)
{
	pthread_mutex_lock(&p->lock);
	p->slots = slots;
	pthread_mutex_unlock(&p->lock);
}

void progress_fini(struct progress *p)
{
	pthread_mutex_lock(&p->lock);
	p->over = true;
	pthread_cond_signal(&p->ended);
	pthread_mutex_unlock(&p->lock);
	pthread_join(p->thread, NULL);
	pthread_cond_destroy(&p->ended);
	pthread_mutex_destroy(&p->lock);
}
