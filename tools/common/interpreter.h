/* SPDX-License-Identifier: MIT */
/*
 * Programs that run a word they are given: `sh -c`, `perl -e`, `awk`, `ssh`.
 */
#ifndef INTERPRETER_H
#define INTERPRETER_H

#include <stddef.h>

/*
 * Does a value stand in a command's words (without quotes, with the marks of
 * scan.h, the program first) where such a program runs it?  0: no.
 * -EINVAL: yes, or that cannot be known; *why says what to write, malloc'd.
 * -ENOMEM.
 */
int interpreter_check(char *const *words, size_t n, char **why);

#endif
