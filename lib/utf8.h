/* SPDX-License-Identifier: MIT */
#ifndef BP_UTF8_H
#define BP_UTF8_H

#include <stddef.h>

/* Bytes of the character of UTF-8 (RFC 3629) that stands there; 0: none does. */
size_t bp_utf8_length(const unsigned char *s);

#endif
