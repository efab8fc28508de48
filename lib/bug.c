/* SPDX-License-Identifier: MIT */
#include "bug.h"

#include <stdio.h>
#include <stdlib.h>

void bp_bug(const char *what, const char *file, int line)
{
	(void)fprintf(stderr, "libboundpool: %s (%s:%d)\n", what, file, line);
	abort();
}
