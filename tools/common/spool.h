/* SPDX-License-Identifier: MIT */
/*
 * Output that does not fit into memory or waits for its turn: streams of
 * bytes in one unlinked file in $TMPDIR (or /tmp), made when first needed.
 *
 * A stream is a chain of extents, each with a header that names the next, so
 * that it costs the same few bytes of memory however long it is.  Space is
 * given back: a part of the file in which no byte is needed becomes a hole,
 * and the whole is cut when it is empty.
 *
 * Any thread may use the spool; each stream is one thread's at a time.
 */
#ifndef SPOOL_H
#define SPOOL_H

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

#include "fds.h"

struct spool {
	struct fds *fds;
	pthread_mutex_t lock; /* guards what follows; fds' lock is taken
			       * under it */
	int fd;		      /* -1 until needed; fixed then */
	uint64_t end;	      /* where the next extent goes */
	uint64_t live;	      /* bytes in extents that are needed */
	uint32_t *chunks;     /* of those, in each chunk of the file */
	size_t nchunks;
};

/* All zero is an empty stream. */
struct spool_stream {
	uint64_t head; /* where its first extent is; 0: none */
	uint64_t tail; /* its last */
};

int spool_init(struct spool *spool, struct fds *fds);
void spool_fini(struct spool *spool);

/* Put `len` bytes at the stream's end: all, or none and a negative errno. */
int spool_append(struct spool *spool, struct spool_stream *stream,
		 const void *data, size_t len);

/* Takes `len` bytes; a negative errno ends spool_take(). */
typedef int spool_sink(void *user, const char *data, size_t len);

/*
 * Hand the stream's bytes to `sink`, in order, and give its space back.  The
 * stream is empty then.  0, or the first error; space that an error left is
 * not given back.
 */
int spool_take(struct spool *spool, struct spool_stream *stream,
	       spool_sink *sink, void *user);

/* Where its file is, or would be. */
const char *spool_directory(void);

/* A new file there, without a name, or negative errno. */
int spool_tempfile(struct fds *fds);

#endif
