/* SPDX-License-Identifier: MIT */
/*
 * What the engine calls things: of the stream S, as people name it,
 *
 *	S	S.jobs.CLASS.BATCH.ID	jobs that wait or run
 *	S_RES	S.res.BATCH.ID		how each job ended: the first result
 *		S.out.BATCH.ID.RUN.N	... and what did not fit into it
 *	S_RETRY	S.retry.CLASS.BATCH.ID	jobs that are to be tried again, later
 *	S_DLQ	S.dlq.CLASS.BATCH.ID	dead letters: jobs that have failed
 *	S_STATE	S.batch.BATCH		how many jobs a batch has
 *		S.class.CLASS.limit	the class was changed
 *		S.class.CLASS.drain	nothing of it starts, unless this is empty
 *		S.class.CLASS.pause	... for so many milliseconds, after so many
 *					refusals in a row
 *	S_RATE_CLASS  S.rate.CLASS	a start of a job each
 *		S.ask.CLASS		asks who works; this is not stored
 *
 * CLASS and BATCH are tokens: any text, of which letters, digits and '-' stay,
 * '.' becomes '_', and any other byte =XX in hexadecimal digits.
 */
#ifndef NAMES_H
#define NAMES_H

#include <stdint.h>

#define NAME_MAX_STREAM 32
#define NAME_MAX_TEXT 64 /* of a class or batch, as people write it */

#define TOKEN_SIZE (3 * NAME_MAX_TEXT + 1)
#define STREAM_SIZE (NAME_MAX_STREAM + 8)
#define SUBJECT_SIZE (STREAM_SIZE + 2 * TOKEN_SIZE + 80)

/* The number of a job in its batch, from 1, and a hash of its arguments. */
struct job_id {
	uint64_t number, hash;
};

/* 0, or -EINVAL: empty, too long, or with what no stream's name may hold. */
int stream_check(const char *name);

/* The token for a text: 0, or -EINVAL where that is empty or too long. */
int token_of(char token[TOKEN_SIZE], const char *text);

/* The text for a token; what is none stays as it is. */
void token_text(char text[TOKEN_SIZE], const char *token);

/* FNV-1a of the arguments, each with its NUL. */
uint64_t job_hash(const char *arguments, uint64_t len);

/* Two tokens, "17.00c0ffee00c0ffee", the last of subjects of the job: reading takes
 * a subject.  0 or -EINVAL. */
#define JOB_ID_SIZE 40
void job_id_write(char text[JOB_ID_SIZE], const struct job_id *id);
int job_id_read(const char *subject, struct job_id *id);

/* The last token of a subject, or the `back`-th before it; its length goes to
 * *len.  NULL: there are not so many. */
const char *subject_token(const char *subject, unsigned back, int *len);

#endif
