/* SPDX-License-Identifier: MIT */
/* How far a run is, in one line of text. */
#ifndef METER_H
#define METER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "halt.h"

struct reading {
	struct counts counts;
	unsigned running;
	uint64_t limit;		   /* of those; 0: none that changes */
	uint64_t retried, refused; /* attempts that were not the last */
	uint64_t pauses;
	int64_t elapsed_us;
	bool color; /* of what failed */
};

/* Bytes of colour, at most. */
#define METER_COLOR 16u

/*
 * "12/100 done, 5 running, limit 6, 1 failed, 2 retried, 4 refused, 1 pause,
 * 3.2/s, 0:27 left, 0:04" (what is nought is not told) in no more than
 * `width` columns, all ASCII: what does not fit is left out, the least needed
 * first.  `to` has `size` bytes, more than the width, and METER_COLOR more for
 * colour.  Returns its length.
 */
size_t meter_format(char *to, size_t size, const struct reading *reading,
		    unsigned width);

#endif
