/* SPDX-License-Identifier: MIT */
/* Streams in one unlinked file.  See spool.h. */
#include "spool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "io.h"

#define SPOOL_CHUNK (UINT64_C(1) << 20)

/* What stands before an extent's bytes.  No extent is at 0. */
struct extent {
	uint64_t next; /* 0: the last */
	uint64_t len;
};

#define SPOOL_START sizeof(struct extent)

const char *spool_directory(void)
{
	const char *dir = getenv("TMPDIR");

	return dir && *dir ? dir : "/tmp";
}

int spool_tempfile(struct fds *fds)
{
	const char *dir = spool_directory();
	char path[4096];
	int fd;

	fds_lock(fds);
	fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (fd < 0 && (errno == EOPNOTSUPP || errno == EISDIR ||
		       errno == ENOENT || errno == EINVAL)) {
		int n = snprintf(path, sizeof(path), "%s/bpool-XXXXXX", dir);

		if (n < 0 || (size_t)n >= sizeof(path)) {
			errno = ENAMETOOLONG;
		} else {
			fd = mkostemp(path, O_CLOEXEC);
			if (fd >= 0)
				(void)unlink(path);
		}
	}
	fds_unlock(fds);
	return fd < 0 ? -errno : fd;
}

int spool_init(struct spool *spool, struct fds *fds)
{
	*spool = (struct spool){ .fds = fds, .fd = -1, .end = SPOOL_START };
	return -pthread_mutex_init(&spool->lock, NULL);
}

void spool_fini(struct spool *spool)
{
	if (spool->fd >= 0)
		close(spool->fd);
	free(spool->chunks);
	pthread_mutex_destroy(&spool->lock);
}

/* Under the lock: a file, and counts for the chunks up to `end`. */
static int spool_grow(struct spool *spool, uint64_t end)
{
	size_t n = (size_t)(end / SPOOL_CHUNK) + 1;
	uint32_t *chunks;

	if (spool->fd < 0) {
		int fd = spool_tempfile(spool->fds);

		if (fd < 0)
			return fd;
		spool->fd = fd;
	}
	if (n <= spool->nchunks)
		return 0;
	n += spool->nchunks;
	chunks = realloc(spool->chunks, n * sizeof(*chunks));
	if (!chunks)
		return -ENOMEM;
	while (spool->nchunks < n)
		chunks[spool->nchunks++] = 0;
	spool->chunks = chunks;
	return 0;
}

/* Under the lock: reserve `len` bytes; where they are goes to *at. */
static int spool_reserve(struct spool *spool, uint64_t len, uint64_t *at)
{
	uint64_t from = spool->end, to = from + len;
	int rc = spool_grow(spool, to);

	if (rc)
		return rc;
	*at = from;
	spool->end = to;
	spool->live += len;
	while (from < to) {
		uint64_t chunk = from / SPOOL_CHUNK;
		uint64_t next = (chunk + 1) * SPOOL_CHUNK;

		if (next > to)
			next = to;
		spool->chunks[chunk] += (uint32_t)(next - from);
		from = next;
	}
	return 0;
}

/* Give the bytes at `from` back. */
static void spool_release(struct spool *spool, uint64_t from, uint64_t len)
{
	uint64_t to = from + len;

	pthread_mutex_lock(&spool->lock);
	spool->live -= len;
	while (from < to) {
		uint64_t chunk = from / SPOOL_CHUNK;
		uint64_t next = (chunk + 1) * SPOOL_CHUNK;

		if (next > to)
			next = to;
		spool->chunks[chunk] -= (uint32_t)(next - from);
		/*
		 * A hole where no byte is needed and none will come.  A file
		 * system that cannot only keeps its space until the end.
		 */
		if (!spool->chunks[chunk] && spool->live &&
		    spool->end >= (chunk + 1) * SPOOL_CHUNK)
			(void)fallocate(spool->fd,
					FALLOC_FL_PUNCH_HOLE |
						FALLOC_FL_KEEP_SIZE,
					(off_t)(chunk * SPOOL_CHUNK),
					(off_t)SPOOL_CHUNK);
		from = next;
	}
	if (!spool->live) {
		if (spool->end > SPOOL_CHUNK && ftruncate(spool->fd, 0))
			errno = 0; /* it is overwritten instead */
		spool->end = SPOOL_START;
	}
	pthread_mutex_unlock(&spool->lock);
}

/* An extent's header and bytes, whole. */
static int spool_write(int fd, const void *data, size_t len, uint64_t at)
{
	struct extent extent = { .next = 0, .len = len };
	int rc;

	rc = pwrite_all(fd, &extent, sizeof(extent), (off_t)at);
	if (rc)
		return rc;
	return pwrite_all(fd, data, len, (off_t)(at + sizeof(extent)));
}

int spool_append(struct spool *spool, struct spool_stream *stream,
		 const void *data, size_t len)
{
	uint64_t whole = sizeof(struct extent) + len, at;
	int rc;

	if (!len)
		return 0;
	pthread_mutex_lock(&spool->lock);
	rc = spool_reserve(spool, whole, &at);
	pthread_mutex_unlock(&spool->lock);
	if (rc)
		return rc;
	rc = spool_write(spool->fd, data, len, at);
	if (!rc && stream->head)
		rc = pwrite_all(
			spool->fd, &at, sizeof(at),
			(off_t)(stream->tail + offsetof(struct extent, next)));
	if (rc) {
		spool_release(spool, at, whole);
		return rc;
	}
	if (!stream->head)
		stream->head = at;
	stream->tail = at;
	return 0;
}

/* Not inlined: most streams are empty, and have no need of so much stack. */
__attribute__((noinline)) static int
spool_take_extent(struct spool *spool, uint64_t at, uint64_t len,
		  spool_sink *sink, void *user)
{
	char block[32768];

	while (len) {
		size_t n = len < sizeof(block) ? (size_t)len : sizeof(block);
		int rc = pread_all(spool->fd, block, n, (off_t)at);

		if (!rc)
			rc = sink(user, block, n);
		if (rc)
			return rc;
		at += n;
		len -= n;
	}
	return 0;
}

int spool_take(struct spool *spool, struct spool_stream *stream,
	       spool_sink *sink, void *user)
{
	uint64_t at = stream->head;

	*stream = (struct spool_stream){ 0 };
	while (at) {
		struct extent extent;
		int rc;

		rc = pread_all(spool->fd, &extent, sizeof(extent), (off_t)at);
		if (!rc)
			rc = spool_take_extent(spool, at + sizeof(extent),
					       extent.len, sink, user);
		if (rc)
			return rc;
		spool_release(spool, at, sizeof(extent) + extent.len);
		at = extent.next;
	}
	return 0;
}
