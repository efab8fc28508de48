/* SPDX-License-Identifier: MIT */
#include "words.h"

#include <stdlib.h>

void words_add(struct words *words, char *word)
{
	if (!words->failed && word && words->n + 1 >= words->size) {
		size_t size = words->size * 2 + 8;
		char **all = realloc(words->all, size * sizeof(*all));

		words->failed = !all;
		words->all = all ? all : words->all;
		words->size = all ? size : words->size;
	}
	words->failed = words->failed || !word;
	if (words->failed) {
		free(word);
		return;
	}
	words->all[words->n++] = word;
	words->all[words->n] = NULL;
}

void words_free(char **all)
{
	for (size_t i = 0; all && all[i]; i++)
		free(all[i]);
	free(all);
}

char **words_take(struct words *words)
{
	if (!words->failed && words->n > 0)
		return words->all;
	words_free(words->all);
	return NULL;
}
