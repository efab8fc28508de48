/* SPDX-License-Identifier: MIT */
/* The main() of a target without libFuzzer: each file given is an input. */
#include <stdio.h>
#include <stdlib.h>

#include "fuzz.h"

static int replay(const char *path)
{
	FILE *file = fopen(path, "rb");
	uint8_t *data = NULL;
	size_t len = 0, n;

	if (!file) {
		perror(path);
		return 1;
	}
	do {
		data = fuzz_realloc(data, len + 4096);
		n = fread(data + len, 1, 4096, file);
		len += n;
	} while (n > 0);
	fclose(file);
	/* Just as large as it is, for who looks beyond it. */
	data = fuzz_realloc(data, len ? len : 1);
	(void)LLVMFuzzerTestOneInput(data, len);
	free(data);
	return 0;
}

int main(int argc, char **argv)
{
	int failed = argc < 2;

	fuzz_replays = true;
	for (int i = 1; i < argc; i++) {
		/* Seen if it ends the program. */
		fprintf(stderr, "%s\n", argv[i]);
		failed |= replay(argv[i]);
	}
	if (!failed)
		fprintf(stderr, "%d inputs\n", argc - 1);
	return failed;
}
