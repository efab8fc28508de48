/* SPDX-License-Identifier: MIT */
#include "record.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int grow(void **data, size_t *size, size_t need, size_t each)
{
	size_t n = *size ? *size : 64;
	void *bigger;

	if (need <= *size)
		return 0;
	while (n < need)
		n *= 2;
	bigger = realloc(*data, n * each);
	if (!bigger)
		return -ENOMEM;
	*data = bigger;
	*size = n;
	return 0;
}

int pieces_add(struct pieces *pieces, const char *text, size_t len)
{
	void *bytes = pieces->bytes, *starts = pieces->starts;
	int rc;

	rc = grow(&bytes, &pieces->size, pieces->len + len + 1, 1);
	pieces->bytes = bytes;
	if (!rc)
		rc = grow(&starts, &pieces->nstarts, pieces->n + 1,
			  sizeof(*pieces->starts));
	pieces->starts = starts;
	if (rc)
		return rc;
	pieces->starts[pieces->n++] = pieces->len;
	memcpy(pieces->bytes + pieces->len, text, len);
	pieces->len += len;
	pieces->bytes[pieces->len++] = '\0';
	return 0;
}

void pieces_clear(struct pieces *pieces)
{
	pieces->n = pieces->len = 0;
}

void pieces_fini(struct pieces *pieces)
{
	free(pieces->bytes);
	free(pieces->starts);
	*pieces = (struct pieces){ 0 };
}

/* How many bytes the n pieces from `first` on are. */
static size_t pieces_bytes(const struct pieces *pieces, size_t first, size_t n)
{
	size_t end = first + n;

	return (end < pieces->n ? pieces->starts[end] : pieces->len) -
	       pieces->starts[first];
}

struct record *record_create(const struct pieces *pieces, size_t line,
			     size_t first, size_t n)
{
	size_t from = line == RECORD_SEVERAL ? first : line;
	size_t nbytes = pieces_bytes(pieces, from, first + n - from);
	struct record *record;
	char **values, *bytes;

	record = malloc(sizeof(*record) + n * sizeof(*values) + nbytes);
	if (!record)
		return NULL;
	values = (char **)(record + 1);
	bytes = (char *)(values + n);
	memcpy(bytes, pieces->bytes + pieces->starts[from], nbytes);
	for (size_t i = 0; i < n; i++)
		values[i] = bytes + pieces->starts[first + i] -
			    pieces->starts[from];
	*record = (struct record){
		/* Where it is a piece it is the first of them. */
		.line = line == RECORD_SEVERAL ? NULL : bytes,
		.values = values,
		.nvalues = n,
	};
	return record;
}
