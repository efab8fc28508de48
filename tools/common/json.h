/* SPDX-License-Identifier: MIT */
/*
 * JSON (RFC 8259) put together piece by piece: one object, its members in the
 * order in which they are added.  Whatever bytes a string has, what comes out
 * is valid: bytes that are no UTF-8 become U+FFFD.
 */
#ifndef JSON_H
#define JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "text.h"

void json_begin(struct text *text);
void json_end(struct text *text);

void json_string(struct text *text, const char *name, const char *value);

/* `len` bytes, behind which stands a NUL. */
void json_bytes(struct text *text, const char *name, const char *value,
		size_t len);

void json_number(struct text *text, const char *name, int64_t value);
void json_bool(struct text *text, const char *name, bool value);

void json_strings(struct text *text, const char *name, char *const *values,
		  size_t n);

/* A time of `us` microseconds, in seconds. */
void json_seconds(struct text *text, const char *name, int64_t us);

/* The time of day `us` microseconds after 1970, as of RFC 3339, in UTC. */
void json_time(struct text *text, const char *name, int64_t us);

#endif
