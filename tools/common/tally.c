/* SPDX-License-Identifier: MIT */
#include "tally.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"

#define TALLY_MEDIAN_OF 3u

void tally_init(struct tally *tally)
{
	*tally = (struct tally){
		.lock = PTHREAD_MUTEX_INITIALIZER,
		.since_us = now_us(),
	};
}

void tally_fini(struct tally *tally)
{
	unsigned i;

	for (i = 0; i < tally->nfailures; i++)
		free(tally->failures[i].text);
	pthread_mutex_destroy(&tally->lock);
}

unsigned tally_starting(struct tally *tally)
{
	unsigned running;

	pthread_mutex_lock(&tally->lock);
	running = ++tally->running;
	pthread_mutex_unlock(&tally->lock);
	return running;
}

void tally_started(struct tally *tally, unsigned running, bool first)
{
	pthread_mutex_lock(&tally->lock);
	tally->begun += first;
	if (running > tally->peak)
		tally->peak = running;
	pthread_mutex_unlock(&tally->lock);
}

void tally_not_started(struct tally *tally)
{
	pthread_mutex_lock(&tally->lock);
	tally->running--;
	pthread_mutex_unlock(&tally->lock);
}

/* With the lock held. */
static void tally_count(struct tally *tally, enum outcome outcome)
{
	switch (outcome) {
	case OUTCOME_OK:
		tally->counts.ok++;
		break;
	case OUTCOME_MISSING:
		tally->counts.missing++;
		break;
	case OUTCOME_NOT_EXECUTABLE:
		tally->counts.not_executable++;
		break;
	case OUTCOME_BROKEN: /* the report knows better */
	case OUTCOME_FAILED:
		tally->counts.failed++;
		break;
	case OUTCOME_DROPPED:
		break;
	}
}

static void tally_name(struct tally *tally, uint64_t number,
		       const struct ending *ending, const char *command)
{
	struct failure *f = &tally->failures[tally->nfailures];

	if (ending->outcome == OUTCOME_OK ||
	    ending->outcome == OUTCOME_DROPPED || ending->stopped ||
	    tally->nfailures == TALLY_FAILURES)
		return;
	f->number = number;
	ending_say(ending, f->how, sizeof(f->how));
	f->text = command ? strdup(command) : NULL;
	tally->nfailures++;
}

void tally_again(struct tally *tally, const struct ending *ending, bool refused)
{
	pthread_mutex_lock(&tally->lock);
	tally->running--;
	histogram_add(&tally->ran, (uint64_t)ending->ran_us);
	if (refused)
		tally->refused++;
	else
		tally->retried++;
	pthread_mutex_unlock(&tally->lock);
}

void tally_limits(struct tally *tally, uint64_t limit, uint64_t pauses)
{
	pthread_mutex_lock(&tally->lock);
	tally->limit = limit;
	tally->pauses = pauses;
	pthread_mutex_unlock(&tally->lock);
}

bool tally_take_retry(struct tally *tally, const struct retry *retry)
{
	uint64_t most;
	bool fits;

	pthread_mutex_lock(&tally->lock);
	most = retry->least + tally->begun * retry->per_cent / 100;
	fits = retry->unbounded || tally->budgeted < most;
	tally->budgeted += fits;
	pthread_mutex_unlock(&tally->lock);
	return fits;
}

void tally_end(struct tally *tally, uint64_t number,
	       const struct ending *ending, const char *command)
{
	pthread_mutex_lock(&tally->lock);
	if (ending->started) {
		tally->running--;
		histogram_add(&tally->ran, (uint64_t)ending->ran_us);
		if (ending->outcome == OUTCOME_OK)
			histogram_add(&tally->ran_ok, (uint64_t)ending->ran_us);
	}
	if (ending->stopped)
		tally->counts.stopped++;
	else
		tally_count(tally, ending->outcome);
	tally_name(tally, number, ending, command);
	pthread_mutex_unlock(&tally->lock);
}

void tally_total(struct tally *tally, uint64_t total)
{
	pthread_mutex_lock(&tally->lock);
	tally->counts.total = total;
	pthread_mutex_unlock(&tally->lock);
}

struct counts tally_counts(struct tally *tally)
{
	struct counts counts;

	pthread_mutex_lock(&tally->lock);
	counts = tally->counts;
	pthread_mutex_unlock(&tally->lock);
	return counts;
}

int64_t tally_median_us(struct tally *tally)
{
	int64_t median = -1;

	pthread_mutex_lock(&tally->lock);
	if (tally->ran_ok.n >= TALLY_MEDIAN_OF)
		median = (int64_t)histogram_percentile(&tally->ran_ok, 50);
	pthread_mutex_unlock(&tally->lock);
	return median;
}
