/* SPDX-License-Identifier: MIT */
/* Nothing more of a class starts, until that is taken back. */
#ifndef DRAIN_H
#define DRAIN_H

#include "bus.h"
#include "options.h"

/*
 * What options->use says: have nothing of options->class start any more, and sleep
 * until nothing of it runs; or let it start again.  0 or negative errno, which has
 * been said.
 */
int drain_run(struct bus *bus, const struct options *options);

#endif
