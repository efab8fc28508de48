/* SPDX-License-Identifier: MIT */
/*
 * What a job prints: read from two pipes while it runs, kept in memory up to
 * a limit and in the spool beyond it.
 */
#ifndef CAPTURE_H
#define CAPTURE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "spool.h"
#include "tail.h"

/* Bytes of an output kept in memory before they go to the spool. */
#define OUTPUT_MEMORY (1024u * 1024)

/* The bytes of `stream`, then `len` bytes at `data`.  All zero is empty. */
struct output {
	struct spool_stream stream;
	char *data;
	size_t len, size;
	char last; /* byte of all of it */
};

/* Put bytes at the end.  0, -ENOMEM, or what the spool failed with. */
int output_append(struct output *output, struct spool *spool, const void *data,
		  size_t len);

/* Move what is in memory to the spool. */
int output_spool(struct output *output, struct spool *spool);

/*
 * Hand everything to `sink`, in order; then it is empty, also after an error.
 * Keeps a little memory for the next job.
 */
int output_take(struct output *output, struct spool *spool, spool_sink *sink,
		void *user);

/* Throw everything away, and the memory. */
void output_drop(struct output *output, struct spool *spool);

/* Hold it without memory, if the spool takes it. */
void output_rest(struct output *output, struct spool *spool);

/* It is empty now: its stream has another owner. */
void output_forget(struct output *output);

/*
 * The same with whole lines alone: what stands behind the last newline stays.
 */
int output_take_lines(struct output *output, struct spool *spool,
		      spool_sink *sink, void *user);

void output_fini(struct output *output);

/* What is done with what a job prints besides keeping it. */
struct capture_how {
	const char *tags[2];	     /* put before each line; NULL: nothing */
	int copy[2];		     /* where it goes too; -1: nowhere */
	struct tail *tail;	     /* the end of both; NULL: of none */
	void (*arrived)(void *user); /* called when more is there; or NULL */
	void *user;
	uint64_t nout, nerr; /* out: bytes that the job printed */
	int copy_error;	     /* out: why a copy is not whole; 0: it is */
	bool spool_failed;   /* out: what capture() returns is of the spool */
};

/*
 * Read the pipes `out_fd` and `err_fd` until both are at their end, or half a
 * second after the process `pid` has exited (50 ms more, where that was within
 * its first 50): who it left behind (a filter of its output) may have a last
 * word, or hold them open.  Closes both.
 *
 * 0; 1 where something else still holds one open, whose further words nobody
 * reads; or what the spool or memory failed with: the rest of that output is
 * dropped then, and its writer does not notice.
 */
int capture(struct output *out, int out_fd, struct output *err, int err_fd,
	    pid_t pid, struct capture_how *how, struct spool *spool,
	    struct fds *fds);

#endif
