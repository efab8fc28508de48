/* SPDX-License-Identifier: MIT */
/*
 * Dead letters: jobs that have failed for good.  Their results are among the others;
 * here are the jobs, to be queued again or forgotten.
 */
#ifndef DEADLETTERS_H
#define DEADLETTERS_H

#include "bus.h"
#include "options.h"

/*
 * What options->use says, with those of options->class and of options->batch, each
 * where it is given: print them, a line each; queue them again, and forget what came
 * of them; or forget them.  0 or negative errno, which has been said.
 */
int deadletters_run(struct bus *bus, const struct options *options);

#endif
