/* SPDX-License-Identifier: MIT */
/* Whole reads and writes, whatever the descriptor does in between. */
#ifndef IO_H
#define IO_H

#include <stddef.h>
#include <sys/types.h>

/*
 * Write all of it: goes on after an interruption and after a short write, and
 * sleeps where the descriptor is non-blocking and full.  0 or negative errno.
 */
int write_all(int fd, const void *data, size_t len);

/* The same at a place in a file. */
int pwrite_all(int fd, const void *data, size_t len, off_t at);

/* Read exactly `len` bytes at a place; -EIO where the file ends before. */
int pread_all(int fd, void *data, size_t len, off_t at);

#endif
