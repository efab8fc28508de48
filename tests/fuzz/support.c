/* SPDX-License-Identifier: MIT */
#include "fuzz.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

bool fuzz_replays;

void fuzz_fail(const char *file, int line, const char *expression,
	       const char *format, ...)
{
	va_list args;

	fprintf(stderr, "fuzz: %s:%d: not so: %s: ", file, line, expression);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	abort();
}

void *fuzz_alloc(size_t size)
{
	void *block = calloc(1, size ? size : 1);

	HOLDS(block, "%zu bytes", size);
	return block;
}

void *fuzz_realloc(void *block, size_t size)
{
	block = realloc(block, size);
	HOLDS(block, "%zu bytes", size);
	return block;
}

unsigned input_byte(struct input *in)
{
	if (in->left == 0)
		return 0;
	in->left--;
	return *in->at++;
}

size_t input_below(struct input *in, size_t n)
{
	size_t number = input_byte(in);

	if (n > 256)
		number = number << 8 | input_byte(in);
	return number % n;
}

char *input_text(struct input *in)
{
	size_t len = in->left ? strnlen((const char *)in->at, in->left) : 0;
	char *text = fuzz_alloc(len + 1);

	if (len)
		memcpy(text, in->at, len);
	in->at += len;
	in->left -= len;
	(void)input_byte(in);
	return text;
}

bool input_is_one_in(unsigned n, const uint8_t *data, size_t size)
{
	uint32_t hash = 2166136261u;

	for (size_t i = 0; i < size; i++)
		hash = (hash ^ data[i]) * UINT32_C(16777619);
	return fuzz_replays || (hash >> 8) % n == 0;
}

int file_make(const void *data, size_t len)
{
	int fd = memfd_create("fuzz", MFD_CLOEXEC);

	HOLDS(fd >= 0, "memfd_create");
	if (len)
		HOLDS(write(fd, data, len) == (ssize_t)len, "write");
	return fd;
}

char *file_read(int fd, size_t *len)
{
	struct stat is;
	char *text;

	HOLDS(fstat(fd, &is) == 0, "fstat");
	*len = (size_t)is.st_size;
	text = fuzz_alloc(*len + 1);
	HOLDS(pread(fd, text, *len, 0) == (ssize_t)*len, "pread");
	return text;
}
