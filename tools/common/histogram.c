/* SPDX-License-Identifier: MIT */
#include "histogram.h"

/* Below HISTOGRAM_STEPS a step each; above, the bits behind the first. */
static unsigned step_of(uint64_t value)
{
	unsigned octave = 0;

	while (value >> octave >= 2 * HISTOGRAM_STEPS)
		octave++;
	if (value < HISTOGRAM_STEPS)
		return (unsigned)value;
	return (octave + 1) * HISTOGRAM_STEPS + (unsigned)(value >> octave) -
	       HISTOGRAM_STEPS;
}

/* The middle of a step. */
static uint64_t step_value(unsigned step)
{
	unsigned octave;

	if (step < 2 * HISTOGRAM_STEPS)
		return step;
	octave = step / HISTOGRAM_STEPS - 1;
	return ((uint64_t)(step % HISTOGRAM_STEPS + HISTOGRAM_STEPS)
		<< octave) +
	       ((UINT64_C(1) << octave) >> 1);
}

void histogram_add(struct histogram *h, uint64_t value)
{
	h->n++;
	h->counts[step_of(value)]++;
	if (value > h->max)
		h->max = value;
}

uint64_t histogram_percentile(const struct histogram *h, unsigned percent)
{
	/* Rounded up: the nearest rank. */
	uint64_t rank =
		h->n / 100 * percent + (h->n % 100 * percent + 99) / 100;
	uint64_t seen = 0, value;
	unsigned step = 0;

	if (h->n == 0)
		return 0;
	while ((seen += h->counts[step]) < rank)
		step++;
	value = step_value(step);
	return value < h->max ? value : h->max;
}
