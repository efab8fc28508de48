/* SPDX-License-Identifier: MIT */
/* Count the lines of files, five files at a time. */
#include <boundpool.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

static int lines(void *arg)
{
	FILE *file = fopen(*(char **)arg, "r");
	int c, n = 0;

	if (!file)
		return -errno;
	while ((c = getc(file)) != EOF)
		n += c == '\n';
	if (ferror(file))
		n = -EIO;
	fclose(file);
	return n;
}

int main(int argc, char **argv)
{
	struct bpool_options five = { .size = sizeof(five), .workers = 5 };
	int i, err, *results = calloc((size_t)argc, sizeof(*results));
	struct bpool *pool;

	if (!results || bpool_create(&pool, &five) < 0)
		return 1;
	err = bpool_map(pool, lines, argv + 1, sizeof(*argv), (size_t)argc - 1,
			results + 1);
	for (i = 1; i < argc; i++)
		printf("%s: %d\n", argv[i], results[i]);
	bpool_destroy(pool);
	free(results);
	return err < 0;
}
