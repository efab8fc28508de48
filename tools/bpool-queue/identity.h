/* SPDX-License-Identifier: MIT */
/*
 * Who this is to the server, and how it is known that the server is who it should be.
 * What is secret stands in files that nobody else may read, and on no command line.
 */
#ifndef IDENTITY_H
#define IDENTITY_H

#include <nats/nats.h>
#include <stdbool.h>

/* NULL: not given. */
struct identity {
	const char *user, *password_file;
	const char *creds;	 /* a file with a JWT and its seed */
	const char *nkey, *seed; /* a public key, and the file with its seed */
	const char *ca;		 /* a file with those whose word is taken */
	const char *cert, *key;	 /* files: what shows who this is */
	const char *inbox;	 /* what subjects of answers begin with */
	bool tls;
};

/* Whether what was given belongs together: NULL, or what is wrong with it. */
const char *identity_why_wrong(const struct identity *identity);

/* Put it into the options; 0 or negative errno, which has been said. */
int identity_set(const struct identity *identity, natsOptions *options);

#endif
