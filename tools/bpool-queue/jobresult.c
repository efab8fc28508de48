/* SPDX-License-Identifier: MIT */
#include "jobresult.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "message.h"

#define FORMAT "1"

/* Names of outcomes, by their number. */
static const char *const words[] = { "ok",	"failed",
				     "missing", "not-executable",
				     "broken",	"dropped" };
#define NWORDS (sizeof(words) / sizeof(words[0]))

static void job_result_subject(const struct bus *bus,
			       char subject[SUBJECT_SIZE], const char *batch,
			       const struct job_id *id)
{
	char text[JOB_ID_SIZE];

	job_id_write(text, id);
	(void)snprintf(subject, SUBJECT_SIZE, "%s.res.%s.%s", bus->stream,
		       batch, text);
}

static int ending_read(natsMsg *message, struct ending *e)
{
	const char *text = NULL;
	char word[20];
	int timed_out;
	size_t i = 0;

	if (natsMsgHeader_Get(message, "Bp", &text) != NATS_OK ||
	    strcmp(text, FORMAT) != 0 ||
	    natsMsgHeader_Get(message, "Bp-Ending", &text) != NATS_OK)
		return -EINVAL;
	*e = (struct ending){ .started = true };
	if (sscanf(text,
		   "%19s %d %d %d %" SCNd64 " %" SCNd64 " %" SCNu64 " %" SCNu64,
		   word, &e->status, &e->signal, &timed_out, &e->started_us,
		   &e->ran_us, &e->nout, &e->nerr) != 8)
		return -EINVAL;
	while (i < NWORDS && strcmp(words[i], word) != 0)
		i++;
	if (i == NWORDS)
		return -EINVAL;
	e->outcome = (enum outcome)i;
	e->timed_out = timed_out != 0;
	return 0;
}

int job_result_look(struct bus *bus, const char *batch, const struct job_id *id,
		    struct ending *ending)
{
	char subject[SUBJECT_SIZE];
	natsMsg *message;
	int rc;

	job_result_subject(bus, subject, batch, id);
	rc = bus_last(bus, "RES", subject, &message);
	/* What is in no format that is known here is a result all the same. */
	if (rc > 0 && ending_read(message, ending))
		*ending = (struct ending){ .outcome = OUTCOME_OK };
	natsMsg_Destroy(message);
	return rc;
}

/* ---- Storing ---------------------------------------------------------------------- */

/* What of an outcome is not stored yet. */
struct storing {
	struct bus *bus;
	const struct job_result_of *of;
	char *data;
	size_t len, size; /* bytes there, and how many there may be */
	size_t total;	  /* in all */
	unsigned parts;	  /* that are stored */
};

static int storing_publish(struct storing *st, natsMsg *message)
{
	return bus_store(st->bus, message, st->of->go_on, st->of->user);
}

/* What is there, as a part of its own. */
static int storing_part(struct storing *st)
{
	char subject[SUBJECT_SIZE], id[JOB_ID_SIZE];
	natsMsg *message = NULL;
	int rc;

	job_id_write(id, &st->of->id);
	(void)snprintf(subject, sizeof(subject), "%s.out.%s.%s.%s.%u",
		       st->bus->stream, st->of->batch, id, st->of->run,
		       st->parts);
	if (natsMsg_Create(&message, subject, NULL, st->data, (int)st->len) !=
	    NATS_OK)
		return -ENOMEM;
	rc = storing_publish(st, message);
	natsMsg_Destroy(message);
	st->parts += !rc;
	st->len = 0;
	return rc;
}

/* Put bytes behind those that are there; what is full is stored. */
static int storing_add(void *user, const char *data, size_t len)
{
	struct storing *st = user;
	int rc = 0;

	st->total += len;
	while (!rc && len) {
		size_t n = st->size - st->len < len ? st->size - st->len : len;

		memcpy(st->data + st->len, data, n);
		st->len += n;
		data += n;
		len -= n;
		if (len)
			rc = storing_part(st);
	}
	return rc;
}

static natsStatus storing_headers(const struct storing *st, natsMsg *message,
				  const size_t lengths[3])
{
	const struct ending *e = st->of->ending;
	char ending[200], parts[100];
	natsStatus s;

	(void)snprintf(ending, sizeof(ending),
		       "%s %d %d %d %" PRId64 " %" PRId64 " %" PRIu64
		       " %" PRIu64,
		       words[e->outcome], e->status, e->signal, e->timed_out,
		       e->started_us, e->ran_us, e->nout, e->nerr);
	(void)snprintf(parts, sizeof(parts), "%zu %zu %zu %u", lengths[0],
		       lengths[1], lengths[2], st->parts);
	s = natsMsgHeader_Set(message, "Bp", FORMAT);
	if (s == NATS_OK)
		s = natsMsgHeader_Set(message, "Bp-Ending", ending);
	if (s == NATS_OK)
		s = natsMsgHeader_Set(message, "Bp-Parts", parts);
	if (s == NATS_OK && st->parts)
		s = natsMsgHeader_Set(message, "Bp-Run", st->of->run);
	if (s == NATS_OK)
		s = natsMsgHeader_Set(message, "Bp-Worker", st->of->worker);
	return s;
}

/* The rest, with which the job is done. */
static int storing_end(struct storing *st, const size_t lengths[3])
{
	char subject[SUBJECT_SIZE];
	natsMsg *message = NULL;
	natsStatus s;
	int rc;

	job_result_subject(st->bus, subject, st->of->batch, &st->of->id);
	s = natsMsg_Create(&message, subject, NULL, st->data, (int)st->len);
	if (s == NATS_OK)
		s = storing_headers(st, message, lengths);
	rc = s == NATS_OK ? storing_publish(st, message) : -ENOMEM;
	natsMsg_Destroy(message);
	return rc;
}

int job_result_store(struct bus *bus, const struct job_result_of *of,
		     struct outputs *printed)
{
	struct storing st = { .bus = bus, .of = of };
	size_t lengths[3];
	int rc;

	st.size = (size_t)natsConnection_GetMaxPayload(bus->nc);
	st.size = st.size > 2 * BUS_HEADERS_MAX ? st.size - BUS_HEADERS_MAX
						: st.size / 2 + 1;
	st.data = malloc(st.size);
	if (!st.data)
		return -ENOMEM;
	rc = output_take(&printed->out, of->spool, storing_add, &st);
	lengths[0] = st.total;
	if (!rc)
		rc = output_take(&printed->err, of->spool, storing_add, &st);
	lengths[1] = st.total - lengths[0];
	if (!rc)
		rc = storing_add(&st, of->command, strlen(of->command));
	lengths[2] = st.total - lengths[0] - lengths[1];
	if (!rc)
		rc = storing_end(&st, lengths);
	free(st.data);
	return rc;
}

/* ---- Reading ---------------------------------------------------------------------- */

struct reading {
	struct bus *bus;
	struct spool *spool;
	struct job_result *to;
	size_t out, err, command, have; /* bytes: of each, and so far */
};

/* The next bytes of all of them, to where they belong. */
static int reading_add(struct reading *r, const char *data, size_t len)
{
	struct output *output = &r->to->printed.out;
	size_t end = r->out, n;
	int rc = 0;

	while (!rc && len) {
		if (r->have >= r->out + r->err) {
			end = r->out + r->err + r->command;
			output = NULL;
		} else if (r->have >= r->out) {
			end = r->out + r->err;
			output = &r->to->printed.err;
		}
		n = end - r->have < len ? end - r->have : len;
		if (n == 0)
			return -EINVAL;
		if (output)
			rc = output_append(output, r->spool, data, n);
		else
			memcpy(r->to->command + (r->have - r->out - r->err),
			       data, n);
		r->have += n;
		data += n;
		len -= n;
	}
	return rc;
}

/* The parts before it, one after the other. */
static int reading_parts(struct reading *r, natsMsg *message, unsigned parts)
{
	const char *subject = natsMsg_GetSubject(message), *run = NULL;
	char name[SUBJECT_SIZE];
	int len, rc = 0;

	if (!parts)
		return 0;
	if (natsMsgHeader_Get(message, "Bp-Run", &run) != NATS_OK)
		return -EINVAL;
	for (unsigned i = 0; !rc && i < parts; i++) {
		natsMsg *part;

		(void)snprintf(name, sizeof(name), "%s.out.%s.%s.%u",
			       r->bus->stream, subject_token(subject, 2, &len),
			       run, i);
		rc = bus_last(r->bus, "RES", name, &part);
		if (rc < 0)
			return bus_failed(r->bus, "results", NATS_ERR);
		if (rc == 0)
			return -ENOENT;
		rc = reading_add(r, natsMsg_GetData(part),
				 (size_t)natsMsg_GetDataLength(part));
		natsMsg_Destroy(part);
	}
	return rc;
}

int job_result_read(struct bus *bus, natsMsg *message, struct spool *spool,
		    struct job_result *result)
{
	struct reading r = { .bus = bus, .spool = spool, .to = result };
	const char *text = NULL;
	size_t out, err, command;
	unsigned parts;
	int rc;

	*result = (struct job_result){ 0 };
	rc = job_id_read(natsMsg_GetSubject(message), &result->id);
	if (!rc)
		rc = ending_read(message, &result->ending);
	if (rc)
		return rc;
	if (natsMsgHeader_Get(message, "Bp-Parts", &text) != NATS_OK ||
	    sscanf(text, "%zu %zu %zu %u", &out, &err, &command, &parts) != 4 ||
	    out > SIZE_MAX / 4 || err > SIZE_MAX / 4 || command > SIZE_MAX / 4)
		return -EINVAL;
	r.out = out;
	r.err = err;
	r.command = command;
	result->command = calloc(1, r.command + 1);
	rc = result->command ? reading_parts(&r, message, parts) : -ENOMEM;
	if (!rc)
		rc = reading_add(&r, natsMsg_GetData(message),
				 (size_t)natsMsg_GetDataLength(message));
	if (!rc && r.have != r.out + r.err + r.command)
		rc = -EINVAL;
	if (rc)
		job_result_fini(result);
	return rc;
}

void job_result_fini(struct job_result *result)
{
	output_fini(&result->printed.out);
	output_fini(&result->printed.err);
	output_fini(&result->printed.log);
	free(result->command);
	result->command = NULL;
}
