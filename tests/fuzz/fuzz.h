/* SPDX-License-Identifier: MIT */
/*
 * What the fuzz targets share.  A target is one LLVMFuzzerTestOneInput(), which
 * says what has to hold for every input and ends the program where it does not.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Ends the program where `expression` is false; the rest says of what, as for
 * printf(3). */
#define HOLDS(expression, ...)                                                 \
	do {                                                                   \
		if (!(expression))                                             \
			fuzz_fail(__FILE__, __LINE__, #expression,             \
				  __VA_ARGS__);                                \
	} while (0)

_Noreturn void fuzz_fail(const char *file, int line, const char *expression,
			 const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* calloc(3) and realloc(3), or the program's end. */
void *fuzz_alloc(size_t size);
void *fuzz_realloc(void *block, size_t size);

/* What is left of an input. */
struct input {
	const uint8_t *at;
	size_t left;
};

/* The next byte; 0 behind the end. */
unsigned input_byte(struct input *in);

/* A number below `n`, of one byte, or of two where one is too few. */
size_t input_below(struct input *in, size_t n);

/* Up to the next NUL, which is skipped, or the end; malloc'd. */
char *input_text(struct input *in);

/* Is it one input in `n`?  By its bytes, so that it always is or never is; all
 * are where a kept corpus is replayed. */
bool input_is_one_in(unsigned n, const uint8_t *data, size_t size);

/* Set by replay.c. */
extern bool fuzz_replays;

/* A file without a name and nothing in it; what it has, malloc'd. */
int file_make(const void *data, size_t len);
char *file_read(int fd, size_t *len);

#endif
