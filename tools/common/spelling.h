/* SPDX-License-Identifier: MIT */
/* Which name somebody may have meant. */
#ifndef SPELLING_H
#define SPELLING_H

#include <stddef.h>

#define SPELLING_MAX 40u /* bytes of a name that is looked at */

/*
 * How many letters of `word` (`len` bytes) have to be put in, left out, changed or
 * changed with the next to make `name`, each place once (the distance that is called
 * optimal string alignment); UINT_MAX where one of them is longer than SPELLING_MAX.
 */
unsigned spelling_distance(const char *word, size_t len, const char *name);

#endif
