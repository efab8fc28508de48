/* SPDX-License-Identifier: MIT */
/* UTF-8 (RFC 3629), a character at a time. */
#ifndef UTF8_H
#define UTF8_H

#include <stddef.h>
#include <stdint.h>

/*
 * The character that begins at `s`, which ends with a NUL: its length in
 * bytes and its code; 0 where the bytes are none, or the NUL.
 */
size_t utf8_read(const char *s, uint32_t *code);

#endif
