/* SPDX-License-Identifier: MIT */
/* What the engine keeps for a queue: its streams. */
#ifndef STREAMS_H
#define STREAMS_H

#include "bus.h"
#include "options.h"

/*
 * Make the streams of a queue, or bring those that are there to what was asked
 * for; nothing in them is lost.  0 or negative errno, which has been said.
 */
int streams_init(struct bus *bus, const struct options *options);

/*
 * Remove what a server that was killed has kept of jobs that are done: messages
 * that it gives to nobody and that still count.  0 or negative errno, which has
 * been said.
 */
int streams_clean(struct bus *bus, const struct options *options);

#endif
