/* SPDX-License-Identifier: MIT */
#include "bus.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "message.h"

/* How often who is connected is asked whether it is there, and how often it may
 * not answer. */
#define BUS_PING_MS 5000
#define BUS_PINGS 2

#define BUS_RECONNECT_MS 250

/* Of a cluster, that may be named; the others they tell themselves. */
#define SERVERS_MAX 16
#define BUS_WRITE_MS 2000

/* Between two tries to store something. */
#define BUS_AGAIN_MS 100

/* On a thread of the client's. */
static void bus_error(natsConnection *nc, natsSubscription *subscription,
		      natsStatus status, void *user)
{
	struct bus *bus = user;
	const char *text = NULL;

	(void)subscription;
	if (status != NATS_NOT_PERMITTED)
		return;
	(void)natsConnection_GetLastError(nc, &text);
	pthread_mutex_lock(&bus->lock);
	(void)snprintf(bus->refused, sizeof(bus->refused), "%s",
		       text ? text : "not permitted");
	pthread_mutex_unlock(&bus->lock);
}

/* The same: what the server was asked for it has forgotten. */
static void bus_lost(natsConnection *nc, void *user)
{
	struct bus *bus = user;

	(void)nc;
	atomic_fetch_add(&bus->losses, 1);
}

/* One server, or those between commas: any of them will do. */
static natsStatus bus_servers(natsOptions *options, const char *urls)
{
	char *copy = strdup(urls), *rest = NULL, *url;
	const char *servers[SERVERS_MAX];
	natsStatus s;
	int n = 0;

	if (!copy)
		return NATS_NO_MEMORY;
	for (url = strtok_r(copy, ",", &rest); url && n < SERVERS_MAX;
	     url = strtok_r(NULL, ",", &rest))
		servers[n++] = url;
	s = url ? NATS_INVALID_ARG
		: natsOptions_SetServers(options, servers, n);
	free(copy);
	return s;
}

static natsStatus bus_options(natsOptions *options, struct bus *bus)
{
	natsStatus s = bus_servers(options, bus->url);

	if (s == NATS_OK)
		s = natsOptions_SetName(options, "bpool-queue");
	if (s == NATS_OK)
		s = natsOptions_SetErrorHandler(options, bus_error, bus);
	/* At its end and at the next one's beginning: nobody is told late. */
	if (s == NATS_OK)
		s = natsOptions_SetDisconnectedCB(options, bus_lost, bus);
	if (s == NATS_OK)
		s = natsOptions_SetReconnectedCB(options, bus_lost, bus);
	/* A server that restarts is waited for, however long. */
	if (s == NATS_OK)
		s = natsOptions_SetMaxReconnect(options, -1);
	if (s == NATS_OK)
		s = natsOptions_SetReconnectWait(options, BUS_RECONNECT_MS);
	/* One that takes its time to let somebody in is as good as one that takes it
	 * to answer. */
	if (s == NATS_OK)
		s = natsOptions_SetTimeout(options, BUS_WAIT_MS);
	if (s == NATS_OK)
		s = natsOptions_SetPingInterval(options, BUS_PING_MS);
	if (s == NATS_OK)
		s = natsOptions_SetMaxPingsOut(options, BUS_PINGS);
	if (s == NATS_OK)
		s = natsOptions_SetSendAsap(options, true);
	/* A network that takes nothing holds up nobody for longer. */
	if (s == NATS_OK)
		s = natsOptions_SetWriteDeadline(options, BUS_WRITE_MS);
	return s;
}

/* Without a password, if there is one. */
static const char *bus_host(const char *url)
{
	const char *at = strrchr(url, '@');

	return at ? at + 1 : url;
}

/* With SIGPIPE blocked, and its disposition as it was; and with what ends a command,
 * which its threads are not to get. */
static natsStatus bus_load(struct bus *bus)
{
	static const int ends[] = { SIGPIPE, SIGINT, SIGTERM, SIGHUP, SIGQUIT };
	struct sigaction action;
	natsStatus s;
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		sigaddset(&set, ends[i]);
	pthread_sigmask(SIG_BLOCK, &set, &bus->mask);
	sigaction(SIGPIPE, NULL, &action);
	s = nats_Open(-1);
	sigaction(SIGPIPE, &action, NULL);
	return s;
}

/* Without the place in the client's source: "(jsm.c:2867): not found". */
static const char *bus_words(const char *error)
{
	const char *end = *error == '(' ? strstr(error, "): ") : NULL;

	return end ? end + 3 : error;
}

natsStatus bus_inbox(const struct bus *bus, char inbox[INBOX_SIZE])
{
	natsInbox *made = NULL;
	natsStatus s = natsInbox_Create(&made);
	const char *own = s == NATS_OK ? strchr(made, '.') : NULL;

	if (own)
		(void)snprintf(inbox, INBOX_SIZE, "%s%s",
			       bus->inbox ? bus->inbox : "_INBOX", own);
	natsInbox_Destroy(made);
	return s == NATS_OK && !own ? NATS_ERR : s;
}

/* Why there is no connection. */
static int bus_refused(const char *url, natsStatus status)
{
	const char *last = nats_GetLastError(NULL);
	char shown[200], why[300];

	say("%s: %s", escaped(shown, sizeof(shown), bus_host(url)),
	    escaped(why, sizeof(why),
		    last && *last ? bus_words(last)
				  : natsStatus_GetText(status)));
	return -EIO;
}

int bus_open(struct bus *bus, const char *url, const char *stream,
	     const struct identity *identity)
{
	natsOptions *options = NULL;
	sigset_t pipe;
	natsStatus s;
	int rc = 0;

	*bus = (struct bus){ .url = url,
			     .stream = stream,
			     .inbox = identity->inbox,
			     .lock = PTHREAD_MUTEX_INITIALIZER };
	s = bus_load(bus);
	if (s == NATS_OK)
		s = natsOptions_Create(&options);
	if (s == NATS_OK)
		s = bus_options(options, bus);
	if (s == NATS_OK)
		rc = identity_set(identity, options);
	if (s == NATS_OK && !rc)
		s = natsConnection_Connect(&bus->nc, options);
	natsOptions_Destroy(options);
	if (s == NATS_OK && !rc)
		s = natsConnection_JetStream(&bus->js, bus->nc, NULL);
	/* The calling thread gets them again; SIGPIPE it does not want. */
	pipe = bus->mask;
	sigaddset(&pipe, SIGPIPE);
	pthread_sigmask(SIG_SETMASK, &pipe, NULL);
	if (s != NATS_OK)
		rc = bus_refused(url, s);
	if (rc)
		bus_close(bus);
	return rc;
}

bool bus_is_connected(struct bus *bus)
{
	return natsConnection_Status(bus->nc) == NATS_CONN_STATUS_CONNECTED;
}

void bus_end(struct bus *bus)
{
	natsConnection_Close(bus->nc);
}

void bus_close(struct bus *bus)
{
	jsCtx_Destroy(bus->js);
	natsConnection_Destroy(bus->nc);
	/* Its threads end, which nobody would wait for. */
	(void)nats_CloseAndWait(BUS_WAIT_MS);
	bus->js = NULL;
	bus->nc = NULL;
}

void bus_stream(const struct bus *bus, char name[STREAM_SIZE],
		const char *suffix)
{
	(void)snprintf(name, STREAM_SIZE, "%s%s%s", bus->stream,
		       *suffix ? "_" : "", suffix);
}

void bus_why(struct bus *bus, natsStatus status, char *text, size_t size)
{
	const char *last = nats_GetLastError(NULL);
	char refused[sizeof(bus->refused)];

	pthread_mutex_lock(&bus->lock);
	memcpy(refused, bus->refused, sizeof(refused));
	*bus->refused = '\0'; /* the next failure may be another */
	pthread_mutex_unlock(&bus->lock);
	if (*refused)
		(void)escaped(text, size, refused);
	else if (status == NATS_NOT_FOUND ||
		 (last && strstr(last, "stream not found")))
		(void)snprintf(text, size,
			       "there is no such queue (see bpool-queue init)");
	else if (status == NATS_NO_RESPONDERS)
		(void)snprintf(text, size,
			       "the server has no JetStream, or not this "
			       "stream (see bpool-queue init)");
	else
		(void)escaped(
			text, size,
			last && *last && status != NATS_CONNECTION_DISCONNECTED
				? bus_words(last)
				: natsStatus_GetText(status));
}

int bus_failed(struct bus *bus, const char *what, natsStatus status)
{
	char why[300], shown[200];

	bus_why(bus, status, why, sizeof(why));
	say("%s: %s", escaped(shown, sizeof(shown), what), why);
	return -EIO;
}

bool bus_may_come_back(struct bus *bus, natsStatus status, jsErrCode code)
{
	bool refused;

	pthread_mutex_lock(&bus->lock);
	refused = *bus->refused;
	pthread_mutex_unlock(&bus->lock);
	return !refused &&
	       (status == NATS_TIMEOUT || status == NATS_NO_RESPONDERS ||
		status == NATS_IO_ERROR || code == JSClusterNotAvailErr ||
		code == JSClusterNotLeaderErr ||
		/* So says a server that is about to end. */
		code == JSNotEnabledForAccountErr || code == JSNotEnabledErr ||
		!bus_is_connected(bus));
}

int bus_last(struct bus *bus, const char *suffix, const char *subject,
	     natsMsg **message)
{
	char stream[STREAM_SIZE];
	jsErrCode code = BUS_NO_CODE;
	natsStatus s;

	*message = NULL;
	bus_stream(bus, stream, suffix);
	s = js_GetLastMsg(message, bus->js, stream, subject, NULL, &code);
	if (s == NATS_NOT_FOUND && code == JSNoMessageFoundErr)
		return 0;
	if (s == NATS_OK)
		return 1;
	return bus_may_come_back(bus, s, code) ? -EAGAIN : -EIO;
}

int bus_last_waiting(struct bus *bus, const char *suffix, const char *subject,
		     natsMsg **message)
{
	int rc;

	while ((rc = bus_last(bus, suffix, subject, message)) == -EAGAIN)
		(void)poll(NULL, 0, BUS_AGAIN_MS);
	return rc;
}

/* Said where nothing has been since something was stored. */
static void bus_say_waits(struct bus *bus, natsStatus status)
{
	char why[300];
	bool said;

	pthread_mutex_lock(&bus->lock);
	said = bus->waits;
	bus->waits = true;
	pthread_mutex_unlock(&bus->lock);
	if (said)
		return;
	bus_why(bus, status, why, sizeof(why));
	say("a result cannot be stored, trying again: %s", why);
}

int bus_store(struct bus *bus, natsMsg *message, bool (*go_on)(void *user),
	      void *user)
{
	for (;;) {
		jsErrCode code = BUS_NO_CODE;
		/* The client would keep it, and send it when that is too late. */
		natsStatus s = bus_is_connected(bus)
				       ? js_PublishMsg(NULL, bus->js, message,
						       NULL, &code)
				       : NATS_CONNECTION_DISCONNECTED;
		const char *text = nats_GetLastError(NULL);

		if (s == NATS_OK || (code == JSStreamStoreFailedErr && text &&
				     strstr(text, BUS_ONE_A_SUBJECT)))
			break;
		if (s == NATS_MAX_PAYLOAD)
			return -E2BIG;
		if (!go_on(user))
			return -ECANCELED;
		bus_say_waits(bus, s);
		(void)poll(NULL, 0, BUS_AGAIN_MS);
	}
	pthread_mutex_lock(&bus->lock);
	bus->waits = false;
	pthread_mutex_unlock(&bus->lock);
	return 0;
}
