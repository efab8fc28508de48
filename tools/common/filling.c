/* SPDX-License-Identifier: MIT */
#include "filling.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

size_t filling_count(const struct filling *f, const struct placeholder *what)
{
	if (what->number || !placeholder_of_value(what) || f->record->line)
		return 1;
	return f->record->nvalues;
}

char *filling_word(const struct filling *f, const struct placeholder *what,
		   size_t i)
{
	const struct record *record = f->record;
	const char *value = "";
	char *number;

	if (!placeholder_of_value(what)) {
		uint64_t n = what->part == PART_JOB ? f->turn.job
						    : f->turn.slot;

		return asprintf(&number, "%llu", (unsigned long long)n) < 0
			       ? NULL
			       : number;
	}
	if (what->number)
		i = what->number - 1;
	if (!what->number && record->line)
		value = record->line;
	else if (i < record->nvalues)
		value = record->values[i];
	return placeholder_part(what->part, value);
}

char *filling_text(const struct filling *f,
		   const struct placeholder_syntax *syntax, const char *text)
{
	struct text filled = { 0 };
	struct placeholder what;
	const char *at;

	while ((at = placeholder_find(syntax, text))) {
		size_t len = placeholder_read(syntax, at, &what);
		char *value = filling_word(f, &what, 0);

		text_add(&filled, text, (size_t)(at - text));
		if (value)
			text_say(&filled, value);
		else
			filled.failed = true;
		free(value);
		text = at + len;
	}
	text_say(&filled, text);
	return text_take(&filled);
}
