/* SPDX-License-Identifier: MIT */
#include "batch.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

void batch_name(char name[BATCH_NAME_SIZE])
{
	time_t now = time(NULL);
	uint32_t random = 0;
	struct tm tm;
	size_t len;

	/* Where there is none the time has to do. */
	(void)!getrandom(&random, sizeof(random), 0);
	len = strftime(name, BATCH_NAME_SIZE, "%Y%m%d-%H%M%S",
		       gmtime_r(&now, &tm));
	(void)snprintf(name + len, BATCH_NAME_SIZE - len, "-%08x",
		       (unsigned)random);
}

static void batch_subject(const struct bus *bus, char subject[SUBJECT_SIZE],
			  const char *token)
{
	(void)snprintf(subject, SUBJECT_SIZE, "%s.batch.%s", bus->stream,
		       token);
}

int batch_read(struct bus *bus, const char *token, struct batch *batch)
{
	char subject[SUBJECT_SIZE], text[32];
	natsMsg *message;
	int len, rc;

	*batch = (struct batch){ 0 };
	batch_subject(bus, subject, token);
	rc = bus_last(bus, "STATE", subject, &message);
	if (rc < 0)
		return bus_failed(bus, "the batch", NATS_ERR);
	if (rc == 0)
		return 0;
	len = natsMsg_GetDataLength(message);
	(void)snprintf(text, sizeof(text), "%.*s", len < 30 ? len : 30,
		       natsMsg_GetData(message));
	natsMsg_Destroy(message);
	batch->known = true;
	batch->counted = len > 0;
	batch->jobs = strtoull(text, NULL, 10);
	return 0;
}

/* With `first`, unless something is known of it: -EEXIST. */
static int batch_write(struct bus *bus, const char *token, const char *text,
		       bool first)
{
	char subject[SUBJECT_SIZE];
	jsPubOptions options;
	jsErrCode code = BUS_NO_CODE;
	natsStatus s;

	batch_subject(bus, subject, token);
	(void)jsPubOptions_Init(&options);
	options.ExpectNoMessage = first;
	s = js_Publish(NULL, bus->js, subject, text, (int)strlen(text),
		       &options, &code);
	if (s != NATS_OK && first && code == JSStreamWrongLastSequenceErr)
		return -EEXIST;
	return s == NATS_OK ? 0 : bus_failed(bus, "the batch", s);
}

int batch_begin(struct bus *bus, const char *token, struct batch *batch)
{
	int rc = batch_write(bus, token, "", true);

	*batch = (struct batch){ 0 };
	return rc == -EEXIST ? batch_read(bus, token, batch) : rc;
}

int batch_count(struct bus *bus, const char *token, uint64_t jobs)
{
	char text[32];

	(void)snprintf(text, sizeof(text), "%llu", (unsigned long long)jobs);
	return batch_write(bus, token, text, false);
}
