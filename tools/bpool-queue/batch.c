/* SPDX-License-Identifier: MIT */
#include "batch.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

/* Between two tries to write it. */
#define AGAIN_MS 200

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

int batch_look(struct bus *bus, const char *token, struct batch *batch)
{
	char subject[SUBJECT_SIZE], text[32];
	natsMsg *message;
	int len, rc;

	*batch = (struct batch){ 0 };
	batch_subject(bus, subject, token);
	rc = bus_last(bus, "STATE", subject, &message);
	if (rc <= 0)
		return rc;
	len = natsMsg_GetDataLength(message);
	(void)snprintf(text, sizeof(text), "%.*s", len < 30 ? len : 30,
		       natsMsg_GetData(message));
	natsMsg_Destroy(message);
	batch->known = true;
	batch->counted = len > 0;
	batch->jobs = strtoull(text, NULL, 10);
	return 0;
}

int batch_read(struct bus *bus, const char *token, struct batch *batch)
{
	natsStatus s = NATS_ERR;

	if (batch_look(bus, token, batch) == 0)
		return 0;
	(void)nats_GetLastError(&s);
	return bus_failed(bus, "the batch", s);
}

/* With `first`, unless something is known of it. */
static natsStatus batch_write(struct bus *bus, const char *token,
			      const char *text, bool first, jsErrCode *code)
{
	char subject[SUBJECT_SIZE];
	jsPubOptions options;

	batch_subject(bus, subject, token);
	(void)jsPubOptions_Init(&options);
	options.ExpectNoMessage = first;
	*code = BUS_NO_CODE;
	return js_Publish(NULL, bus->js, subject, text, (int)strlen(text),
			  &options, code);
}

int batch_begin(struct bus *bus, const char *token, struct batch *batch)
{
	jsErrCode code;
	natsStatus s = batch_write(bus, token, "", true, &code);

	*batch = (struct batch){ 0 };
	if (s != NATS_OK && code == JSStreamWrongLastSequenceErr)
		return batch_read(bus, token, batch);
	return s == NATS_OK ? 0 : bus_failed(bus, "the batch", s);
}

int batch_count(struct bus *bus, const char *token, uint64_t jobs)
{
	jsErrCode code;
	natsStatus s;
	char text[32];

	(void)snprintf(text, sizeof(text), "%llu", (unsigned long long)jobs);
	while ((s = batch_write(bus, token, text, false, &code)) != NATS_OK &&
	       bus_may_come_back(bus, s, code))
		(void)poll(NULL, 0, AGAIN_MS);
	return s == NATS_OK ? 0 : bus_failed(bus, "the batch", s);
}
