/* SPDX-License-Identifier: MIT */
/*
 * A shell command filled with values: what the shell gets, where each value
 * is an argument, bound to a variable before the command runs, and each
 * placeholder that variable; and what a person is shown, where each value
 * stands in its place, quoted.
 */
#ifndef SHELLTEXT_H
#define SHELLTEXT_H

#include "filling.h"
#include "shellscan.h"

/*
 * The text for `sh -c TEXT sh VALUES...`, malloc'd, and *values, malloc'd as
 * they are, NULL-terminated; or NULL.
 */
char *shelltext_run(const struct shellscan *scan, const struct filling *f,
		    char ***values);

/* What does the same when it is typed, malloc'd, or NULL. */
char *shelltext_show(const struct shellscan *scan, const struct filling *f);

#endif
