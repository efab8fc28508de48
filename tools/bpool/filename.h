/* SPDX-License-Identifier: MIT */
/* Any text as the name of a file, which no text makes a path. */
#ifndef FILENAME_H
#define FILENAME_H

/* Bytes that hold any, its NUL included. */
#define FILENAME_SIZE 256

/*
 * Letters, digits, '_', '-' and, but for the first, '.' stand for themselves,
 * other bytes are %XX: different texts are different names, none is "." or
 * hidden, and none has a '/'.
 *
 * -EINVAL         there is no text
 * -ENAMETOOLONG   it does not fit
 */
int filename_make(char name[FILENAME_SIZE], const char *text);

#endif
