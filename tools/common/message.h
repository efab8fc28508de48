/* SPDX-License-Identifier: MIT */
/*
 * What a command says itself: `bpool: what: why` on stderr, a line at a time,
 * and text of others made safe for a terminal.
 */
#ifndef MESSAGE_H
#define MESSAGE_H

#include <stddef.h>

/* Bytes that hold any message; longer ones are cut. */
#define MESSAGE_MAX 1024

/* Begin a message with the command's name, "bpool: "; returns its length. */
size_t message_begin(char *text, size_t size);

/*
 * Write the line "bpool: ..." to stderr, in one write.  There is nobody to
 * tell if that fails; who can change the exit status does.
 */
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/*
 * Copy `text` to `to` (size bytes, at least 8) with control characters and
 * bytes that are not UTF-8 as \n, \t or \xNN, cut with "..." where it does
 * not fit.  Returns `to`.
 */
char *escaped(char *to, size_t size, const char *text);

#endif
