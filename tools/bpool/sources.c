/* SPDX-License-Identifier: MIT */
#include "sources.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

bool sources_begin(const char *word)
{
	return strcmp(word, ":::") == 0 || strcmp(word, ":::+") == 0;
}

bool sources_of_file(const char *word)
{
	return strcmp(word, "::::") == 0 || strcmp(word, "::::+") == 0;
}

int sources_init(struct sources *sources, int n, char *const *words)
{
	struct source *last = NULL;

	*sources = (struct sources){ 0 };
	sources->all = calloc((size_t)n + 1, sizeof(*sources->all));
	if (!sources->all)
		return -ENOMEM;
	for (int i = 0; i < n; i++) {
		if (sources_begin(words[i])) {
			last = &sources->all[sources->n++];
			last->values = words + i + 1;
			/* There is none before the first. */
			last->linked = words[i][3] == '+' && sources->n > 1;
		} else if (last) {
			last->n++;
		}
	}
	/* Of nothing there is no combination. */
	for (size_t i = 0; i < sources->n; i++)
		sources->ended = sources->ended || sources->all[i].n == 0;
	return 0;
}

void sources_fini(struct sources *sources)
{
	free(sources->all);
	*sources = (struct sources){ 0 };
}

/* Move the source at `i`, and those linked to it, on; false: at their end,
 * and they begin again. */
static bool sources_step(struct sources *sources, size_t i)
{
	bool more = true;
	size_t end = i;

	do {
		more = more && ++sources->all[end].at < sources->all[end].n;
		end++;
	} while (end < sources->n && sources->all[end].linked);
	for (; !more && end > i; end--)
		sources->all[end - 1].at = 0;
	return more;
}

bool sources_next(struct sources *sources, const char **values)
{
	size_t i;

	if (sources->ended)
		return false;
	for (i = 0; i < sources->n; i++)
		values[i] = sources->all[i].values[sources->all[i].at];
	/* Like an odometer, from the right. */
	while (i-- > 0)
		if (!sources->all[i].linked && sources_step(sources, i))
			return true;
	sources->ended = true;
	return true;
}
