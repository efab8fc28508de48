/* SPDX-License-Identifier: MIT */
/* What the engine keeps for a queue: its streams, and a consumer for each class. */
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
 * Make a class with its bound, or change it.  How long its leases are is
 * changed only while nobody works: workers know them from their start.
 * 0 or negative errno, which has been said.
 */
int streams_limit(struct bus *bus, const struct options *options);

/* To how many workers that die of it a job of the class is given. */
unsigned streams_attempts(const jsConsumerInfo *info);

/*
 * Remove what a server that was killed has kept of jobs that are done: messages
 * that it gives to nobody and that still count.  0 or negative errno, which has
 * been said.
 */
int streams_clean(struct bus *bus, const struct options *options);

#endif
