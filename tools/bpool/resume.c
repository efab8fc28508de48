/* SPDX-License-Identifier: MIT */
#include "resume.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "io.h"
#include "logread.h"
#include "message.h"

struct resume_entry {
	uint64_t hash, number;
	off_t at; /* of the command, in the log */
	size_t len;
	size_t next; /* in the first with this hash: behind how many of
		      * them to look */
	bool failed, taken;
	bool foreign; /* it has NULs: the hash is of what they stand for */
};

/* FNV-1a: it only has to spread; what is the same is compared. */
static uint64_t text_hash(const char *text, size_t len)
{
	uint64_t hash = UINT64_C(14695981039346656037);
	size_t i;

	for (i = 0; i < len; i++)
		hash = (hash ^ (unsigned char)text[i]) *
		       UINT64_C(1099511628211);
	return hash;
}

/* ---- Reading --------------------------------------------------------------- */

/* The hash of the command as it stands in our records. */
static int record_hash(const struct joblog_record *record, uint64_t *hash)
{
	size_t len = record->command_len;
	char *command;

	if (!memchr(record->command, '\0', len)) {
		*hash = text_hash(record->command, len);
		return 0;
	}
	command = joblog_restore(record->command, len);
	if (!command)
		return -ENOMEM;
	*hash = text_hash(command, strlen(command));
	free(command);
	return 1;
}

static int resume_add(void *user, const struct joblog_record *record, off_t at)
{
	struct resume *resume = user;
	uint64_t hash;
	int foreign = record_hash(record, &hash);

	if (foreign < 0)
		return foreign;
	if (resume->n == resume->size) {
		size_t size = resume->size ? resume->size * 2 : 256;
		struct resume_entry *entries = realloc(
			resume->entries, size * sizeof(*resume->entries));

		if (!entries)
			return -ENOMEM;
		resume->entries = entries;
		resume->size = size;
	}
	resume->entries[resume->n++] = (struct resume_entry){
		.hash = hash,
		.number = record->number,
		.failed = record->failed,
		.at = at,
		.len = record->command_len,
		.foreign = foreign > 0,
	};
	return 0;
}

static int compare(uint64_t x, uint64_t y)
{
	return x < y ? -1 : x > y;
}

static int by_number(const void *a, const void *b)
{
	const struct resume_entry *x = a, *y = b;
	int order = compare(x->number, y->number);

	if (!order)
		order = compare(x->hash, y->hash);
	return order ? order : compare((uint64_t)x->at, (uint64_t)y->at);
}

static int by_hash(const void *a, const void *b)
{
	const struct resume_entry *x = a, *y = b;
	int order = compare(x->hash, y->hash);

	return order ? order : compare(x->number, y->number);
}

static int by_value(const void *a, const void *b)
{
	return compare(*(const uint64_t *)a, *(const uint64_t *)b);
}

/* Whether they are of one job; a hash that would have to be forged will do. */
static bool entries_same(const struct resume_entry *x,
			 const struct resume_entry *y)
{
	return x->number == y->number && x->hash == y->hash;
}

/* Of each job the last record counts. */
static int resume_sort(struct resume *resume)
{
	struct resume_entry *all = resume->entries;
	size_t i, n = 0;

	if (resume->n == 0)
		return 0;
	qsort(all, resume->n, sizeof(*all), by_number);
	for (i = 0; i < resume->n; i++)
		if (i + 1 == resume->n || !entries_same(&all[i], &all[i + 1]))
			all[n++] = all[i];
	resume->n = n;
	resume->last = all[n - 1].number;
	resume->numbers = calloc(n, sizeof(*resume->numbers));
	if (!resume->numbers)
		return -ENOMEM;
	for (i = 0; i < n; i++)
		resume->numbers[i] = all[i].number;
	return 0;
}

int resume_init(struct resume *resume, struct joblog *log, bool again,
		struct fds *fds)
{
	int rc;

	*resume = (struct resume){ .log = log, .again = again };
	rc = logread(log, resume_add, resume, fds);
	if (!rc)
		rc = resume_sort(resume);
	if (!rc && resume->n)
		qsort(resume->entries, resume->n, sizeof(*resume->entries),
		      by_hash);
	if (rc)
		resume_fini(resume);
	if (rc == -ENOMEM)
		say("--resume: %s", strerror(ENOMEM));
	return rc;
}

void resume_fini(struct resume *resume)
{
	free(resume->entries);
	free(resume->numbers);
	*resume = (struct resume){ 0 };
}

/* ---- What is done ---------------------------------------------------------- */

/* The first entry with this hash, or where it would be. */
static size_t resume_find(const struct resume *resume, uint64_t hash)
{
	size_t low = 0, high = resume->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (resume->entries[middle].hash < hash)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The command of an entry, malloc'd; 0 or negative errno. */
static int entry_read(const struct resume *resume,
		      const struct resume_entry *entry, char **command)
{
	char *text = malloc(entry->len);
	int rc = text ? pread_all(resume->log->fd, text, entry->len, entry->at)
		      : -ENOMEM;

	if (!rc) {
		*command = joblog_restore(text, entry->len);
		rc = *command ? 0 : -ENOMEM;
	}
	free(text);
	return rc;
}

static int entry_is_foreign(const struct resume *resume,
			    const struct resume_entry *entry,
			    const char *command)
{
	char *text;
	int rc = entry_read(resume, entry, &text);

	if (rc)
		return rc;
	rc = strcmp(text, command) == 0;
	free(text);
	return rc;
}

/* Whether the log has this text there: 1, 0 or negative errno. */
static int entry_is(const struct resume *resume,
		    const struct resume_entry *entry, const char *command,
		    size_t len)
{
	char part[4096];
	size_t done, n;
	int rc = 0;

	if (entry->taken)
		return 0;
	if (entry->foreign)
		return entry_is_foreign(resume, entry, command);
	if (entry->len != len)
		return 0;
	for (done = 0; !rc && done < len; done += n) {
		n = len - done < sizeof(part) ? len - done : sizeof(part);
		rc = pread_all(resume->log->fd, part, n,
			       entry->at + (off_t)done);
		if (!rc && memcmp(part, command + done, n) != 0)
			return 0;
	}
	return rc ? rc : 1;
}

/* The first entry of this text that was not taken: 1, 0 or negative errno. */
static int resume_match(struct resume *resume, const char *command,
			struct resume_entry **entry)
{
	size_t len = strlen(command), first, i;
	uint64_t hash = text_hash(command, len);

	first = resume_find(resume, hash);
	if (first == resume->n)
		return 0;
	for (i = first + resume->entries[first].next;
	     i < resume->n && resume->entries[i].hash == hash; i++) {
		int rc = entry_is(resume, &resume->entries[i], command, len);

		if (rc < 0)
			return rc;
		if (rc) {
			*entry = &resume->entries[i];
			(*entry)->taken = true;
			if (i == first + resume->entries[first].next)
				resume->entries[first].next++;
			return 1;
		}
	}
	return 0;
}

/*
 * A number for a job that the log does not have: its position, until that is
 * another's there; from then on those behind all others.
 */
static uint64_t resume_number(struct resume *resume, uint64_t position)
{
	if (!resume->shifted && resume->n)
		resume->shifted = bsearch(&position, resume->numbers, resume->n,
					  sizeof(*resume->numbers), by_value);
	if (position > resume->last)
		resume->last = position;
	else if (resume->shifted)
		resume->last++;
	return resume->shifted ? resume->last : position;
}

int resume_take(struct resume *resume, const char *command, uint64_t position,
		uint64_t *number)
{
	struct resume_entry *entry;
	int rc = resume_match(resume, command, &entry);

	if (rc < 0)
		return rc;
	if (rc && !(entry->failed && resume->again))
		return 1;
	*number = rc ? entry->number : resume_number(resume, position);
	return 0;
}

int resume_next_failed(struct resume *resume, struct text *command,
		       uint64_t *number)
{
	struct resume_entry *entry = NULL;
	char *text;
	int rc;

	/* They are sorted by hash only for resume_take(). */
	if (resume->failed == 0 && resume->n)
		qsort(resume->entries, resume->n, sizeof(*resume->entries),
		      by_number);
	while (!entry && resume->failed < resume->n) {
		entry = &resume->entries[resume->failed++];
		if (!entry->failed)
			entry = NULL;
	}
	if (!entry)
		return 0;
	rc = entry_read(resume, entry, &text);
	if (rc)
		return rc;
	text_say(command, text);
	free(text);
	*number = entry->number;
	return 1;
}
