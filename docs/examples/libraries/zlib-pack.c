/* SPDX-License-Identifier: MIT */
/*
 * Compress stdin to stdout as gzip does, on all CPUs: blocks of a megabyte are jobs, each
 * a member of its own (RFC 1952 lets them follow each other), and they are written in
 * the order in which they were read.  The ring is the memory: no more blocks than it
 * holds are there at a time, however long the input is.
 */
#include <boundpool.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#define BLOCK (1u << 20)
#define BLOCKS 32u /* that are read and not yet written */
#define GZIP 16	   /* added to the window's bits: with gzip's header */

struct block {
	struct bpool_future future;
	unsigned char *in, *out;
	size_t nin, nout, size;
};

static int block_pack(void *arg)
{
	struct block *block = arg;
	z_stream z = { .next_in = block->in, .avail_in = (uInt)block->nin };

	if (deflateInit2(&z, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 15 + GZIP, 8,
			 Z_DEFAULT_STRATEGY) != Z_OK)
		return -ENOMEM;
	z.next_out = block->out;
	z.avail_out = (uInt)block->size;
	/* There is room for all: see block_make(). */
	(void)deflate(&z, Z_FINISH);
	block->nout = z.total_out;
	return deflateEnd(&z) == Z_OK ? 0 : -EIO;
}

static int block_make(struct block *block)
{
	block->size = compressBound(BLOCK) + 32;
	block->in = malloc(BLOCK);
	block->out = malloc(block->size);
	return block->in && block->out ? 0 : -ENOMEM;
}

/* Of those that are on their way, the first. */
static int block_write(struct block *block)
{
	int result, err = bpool_await(&block->future, &result, NULL);

	if (!err)
		err = result;
	if (!err && fwrite(block->out, 1, block->nout, stdout) != block->nout)
		err = -EIO;
	return err;
}

static int pack(struct bpool *pool, struct block *blocks)
{
	size_t read = 0, written = 0;
	bool more = true;
	int err = 0;

	while (!err && (more || written < read)) {
		struct block *block = &blocks[read % BLOCKS];

		if (!more || read - written == BLOCKS) {
			err = block_write(&blocks[written++ % BLOCKS]);
			continue;
		}
		block->nin = fread(block->in, 1, BLOCK, stdin);
		more = block->nin == BLOCK;
		/* An empty input is an empty member. */
		if (block->nin > 0 || read == 0) {
			err = bpool_async(pool, &block->future, block_pack,
					  block);
			read++;
		}
	}
	return err || ferror(stdin) || fflush(stdout) ? -EIO : 0;
}

int main(void)
{
	struct block *blocks = calloc(BLOCKS, sizeof(*blocks));
	struct bpool *pool;
	int i, err = 0;

	for (i = 0; blocks && !err && i < (int)BLOCKS; i++)
		err = block_make(&blocks[i]);
	if (!blocks || err || bpool_create(&pool, NULL) < 0)
		return 1;
	err = pack(pool, blocks);
	/* Before the blocks go. */
	bpool_destroy(pool);
	for (i = 0; i < (int)BLOCKS; i++) {
		free(blocks[i].in);
		free(blocks[i].out);
	}
	free(blocks);
	if (err)
		fprintf(stderr, "zlib-pack: %s\n", strerror(-err));
	return err < 0;
}
