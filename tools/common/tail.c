/* SPDX-License-Identifier: MIT */
#include "tail.h"

#include <string.h>

void tail_add(struct tail *tail, const char *data, size_t len)
{
	size_t keep = tail->len;

	if (len > TAIL_MAX) {
		data += len - TAIL_MAX;
		len = TAIL_MAX;
	}
	if (keep + len > TAIL_MAX) {
		keep = TAIL_MAX - len;
		memmove(tail->bytes, tail->bytes + tail->len - keep, keep);
	}
	memcpy(tail->bytes + keep, data, len);
	tail->len = keep + len;
	tail->bytes[tail->len] = '\0';
}

void tail_clear(struct tail *tail)
{
	tail->len = 0;
	tail->bytes[0] = '\0';
}

const char *tail_text(const struct tail *tail, size_t *len)
{
	size_t skip = 0;

	/* One that was cut in two: no more than its three last bytes. */
	while (tail->len == TAIL_MAX && skip < 3 &&
	       ((unsigned char)tail->bytes[skip] & 0xc0) == 0x80)
		skip++;
	*len = tail->len - skip;
	return tail->bytes + skip;
}
