/* SPDX-License-Identifier: MIT */
/* What waits and what runs, for each class of a queue. */
#ifndef STATUS_H
#define STATUS_H

#include "bus.h"
#include "options.h"

/* Print it; 0 or negative errno, which has been said. */
int status_print(struct bus *bus, const struct options *options);

#endif
