/* SPDX-License-Identifier: MIT */
#include "presence.h"

#include <stdio.h>
#include <stdlib.h>

#include "clock.h"

/* The first answer may take so long, another so much longer. */
#define FIRST_MS 500
#define NEXT_MS 200

static void presence_subject(const struct bus *bus, const char *class,
			     char subject[SUBJECT_SIZE])
{
	(void)snprintf(subject, SUBJECT_SIZE, "%s.ask.%s", bus->stream, class);
}

/* On a thread of the client's. */
static void presence_asked(natsConnection *nc, natsSubscription *subscription,
			   natsMsg *message, void *user)
{
	struct presence *p = user;
	char text[40];

	(void)subscription;
	(void)snprintf(text, sizeof(text), "%u %u", p->slots, p->held(p->user));
	if (natsMsg_GetReply(message))
		(void)natsConnection_PublishString(
			nc, natsMsg_GetReply(message), text);
	natsMsg_Destroy(message);
}

int presence_init(struct presence *p, struct bus *bus, const char *class,
		  unsigned slots, unsigned (*held)(void *user), void *user)
{
	char subject[SUBJECT_SIZE];
	natsStatus s;

	*p = (struct presence){ .bus = bus,
				.slots = slots,
				.held = held,
				.user = user };
	presence_subject(bus, class, subject);
	s = natsConnection_Subscribe(&p->asked, bus->nc, subject,
				     presence_asked, p);
	return s == NATS_OK ? 0 : bus_failed(bus, subject, s);
}

void presence_fini(struct presence *p)
{
	natsSubscription_Destroy(p->asked);
}

int census_init(struct census *c, struct bus *bus)
{
	char subject[sizeof(c->inbox) + 8];
	natsStatus s;

	*c = (struct census){ .bus = bus };
	s = bus_inbox(bus, c->inbox);
	if (s == NATS_OK) {
		(void)snprintf(subject, sizeof(subject), "%s.a.*.*", c->inbox);
		s = natsConnection_SubscribeSync(&c->answers, bus->nc, subject);
	}
	return s == NATS_OK ? 0 : bus_failed(bus, "workers", s);
}

void census_fini(struct census *c)
{
	natsSubscription_Destroy(c->answers);
}

/* An answer: whether it is one to what was asked last. */
static bool census_count(const struct census *c, const natsMsg *message,
			 struct present *all, size_t n)
{
	const char *subject = natsMsg_GetSubject(message);
	const char *data = natsMsg_GetData(message);
	unsigned slots, held, asked, i;
	char text[40];
	int len;

	if (sscanf(subject_token(subject, 1, &len), "%u.%u", &asked, &i) != 2 ||
	    asked != c->asked || i >= n)
		return false;
	(void)snprintf(text, sizeof(text), "%.*s",
		       natsMsg_GetDataLength(message), data ? data : "");
	if (sscanf(text, "%u %u", &slots, &held) != 2)
		return false;
	all[i].workers++;
	all[i].slots += slots;
	all[i].held += held;
	return true;
}

static natsStatus census_ask(struct census *c, const struct present *all,
			     size_t n)
{
	char subject[SUBJECT_SIZE], reply[sizeof(c->inbox) + 30];
	natsStatus s = NATS_OK;

	c->asked++;
	for (size_t i = 0; s == NATS_OK && i < n; i++) {
		presence_subject(c->bus, all[i].class, subject);
		(void)snprintf(reply, sizeof(reply), "%s.a.%u.%zu", c->inbox,
			       c->asked, i);
		s = natsConnection_PublishRequestString(c->bus->nc, subject,
							reply, "");
	}
	return s;
}

natsStatus census_take(struct census *c, struct present *all, size_t n)
{
	int64_t begin = now_ms();
	natsMsg *message = NULL;
	natsStatus s;
	bool any = false;
	size_t alone = 0;

	for (size_t i = 0; i < n; i++)
		all[i] = (struct present){ .class = all[i].class };
	s = census_ask(c, all, n);
	while (s == NATS_OK && alone < n && now_ms() < begin + CENSUS_MOST_MS) {
		s = natsSubscription_NextMsg(&message, c->answers,
					     any ? NEXT_MS : FIRST_MS);
		if (s == NATS_OK)
			any |= census_count(c, message, all, n);
		natsMsg_Destroy(message);
		message = NULL;
		/* The server says so where there is nobody to ask. */
		if (s == NATS_NO_RESPONDERS) {
			alone++;
			s = NATS_OK;
		}
	}
	return s == NATS_TIMEOUT ? NATS_OK : s;
}
