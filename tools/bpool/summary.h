/* SPDX-License-Identifier: MIT */
/* --summary: what a run came to, for a person. */
#ifndef SUMMARY_H
#define SUMMARY_H

#include <stdbool.h>

#include "report.h"
#include "tally.h"

/* Print it to stderr.  Nothing of the run goes on. */
void summary_print(struct report *report, struct tally *tally, bool color);

#endif
