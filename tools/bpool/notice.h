/* SPDX-License-Identifier: MIT */
/*
 * What is done at the terminal when the stop's thread has news: the line of
 * progress goes while bpool is suspended, and before it dies; a deadline is
 * told.
 */
#ifndef NOTICE_H
#define NOTICE_H

#include "report.h"

/* From now on, until notice_end(). */
void notice_begin(struct report *report);
void notice_end(struct report *report);

#endif
