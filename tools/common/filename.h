/* SPDX-License-Identifier: MIT */
/* Any text as the name of a file, which no text makes a path. */
#ifndef FILENAME_H
#define FILENAME_H

#include <stddef.h>

/* Bytes that hold any, its NUL included. */
#define FILENAME_SIZE 256

/*
 * Letters, digits, '_', '-' and, but for the first, '.' stand for themselves,
 * other bytes are %XX: different texts are different names, none is "." or
 * hidden, and none has a '/'.  Puts as much of the text to `to` as `size` bytes
 * hold, with a NUL behind it, and returns its length; *rest is what did not fit.
 */
size_t filename_escape(char *to, size_t size, const char *text,
		       const char **rest);

/*
 * A name of all of the text.
 *
 * -EINVAL         there is no text
 * -ENAMETOOLONG   it does not fit
 */
int filename_make(char name[FILENAME_SIZE], const char *text);

#endif
