/* SPDX-License-Identifier: MIT */
/*
 * How much the kernel takes: the words of one command and its environment
 * share a limit (execve(2), "Limits on size of arguments and environment").
 */
#ifndef ARGROOM_H
#define ARGROOM_H

#include <stddef.h>

/* The longest word, its NUL included. */
#define ARGROOM_WORD (128u * 1024)

/* What it counts for the pointer to a word, in programs of 32 bits too. */
#define ARGROOM_POINTER 8u

/* Bytes of one command and its environment, with the stack's limit as it is. */
size_t argroom_limit(void);

/*
 * Bytes of values, each with its NUL and a pointer, that a job of this
 * template surely has room for beside the environment; 0: for none surely.
 * `value` is what stands for them all.
 */
size_t argroom_values(char *const *argv, const char *value);

#endif
