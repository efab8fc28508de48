/* SPDX-License-Identifier: MIT */
#include "identity.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "message.h"

#define PASSWORD_MAX 1024

const char *identity_why_wrong(const struct identity *id)
{
	if (!id->user != !id->password_file)
		return "--user and --password-file belong together";
	if (!id->nkey != !id->seed)
		return "--nkey and --nkey-seed belong together";
	if (!id->cert != !id->key)
		return "--cert and --key belong together";
	if ((id->user != NULL) + (id->creds != NULL) + (id->nkey != NULL) > 1)
		return "--user, --creds, --nkey: one of them";
	if (id->inbox && (!*id->inbox || id->inbox[strcspn(id->inbox, ".*> ")]))
		return "--inbox takes one word";
	return NULL;
}

static int identity_say(const char *file, const char *why)
{
	char shown[200];

	say("%s: %s", escaped(shown, sizeof(shown), file), why);
	return -EINVAL;
}

/* As ssh(1) has it: a secret that others can read is none. */
static int identity_check_secret(const char *file)
{
	struct stat st;

	if (!file)
		return 0;
	if (stat(file, &st))
		return identity_say(file, strerror(errno));
	if (S_ISREG(st.st_mode) && (st.st_mode & (S_IRWXG | S_IRWXO)))
		return identity_say(file, "others can read it (chmod 600)");
	return 0;
}

/* Its first line. */
static int identity_password(const struct identity *id, natsOptions *options)
{
	char password[PASSWORD_MAX];
	FILE *file = fopen(id->password_file, "re");
	natsStatus s;

	if (!file)
		return identity_say(id->password_file, strerror(errno));
	if (!fgets(password, sizeof(password), file)) {
		(void)fclose(file);
		return identity_say(id->password_file, "has no line");
	}
	(void)fclose(file);
	password[strcspn(password, "\r\n")] = '\0';
	s = natsOptions_SetUserInfo(options, id->user, password);
	explicit_bzero(password, sizeof(password));
	return s == NATS_OK ? 0 : -ENOMEM;
}

static int identity_failed(const char *what, natsStatus status)
{
	const char *why = nats_GetLastError(NULL);
	char shown[300];

	say("%s: %s", what,
	    escaped(shown, sizeof(shown),
		    why && *why ? why : natsStatus_GetText(status)));
	return -EINVAL;
}

static int identity_set_tls(const struct identity *id, natsOptions *options)
{
	natsStatus s;

	if (!id->tls && !id->ca && !id->cert)
		return 0;
	s = natsOptions_SetSecure(options, true);
	if (s != NATS_OK)
		return identity_failed("--tls", s);
	if (id->ca)
		s = natsOptions_LoadCATrustedCertificates(options, id->ca);
	if (s != NATS_OK)
		return identity_failed(id->ca, s);
	if (id->cert)
		s = natsOptions_LoadCertificatesChain(options, id->cert,
						      id->key);
	return s == NATS_OK ? 0 : identity_failed(id->cert, s);
}

int identity_set(const struct identity *id, natsOptions *options)
{
	const char *const secrets[] = { id->password_file, id->creds, id->seed,
					id->key };
	natsStatus s = NATS_OK;
	int rc = 0;

	for (size_t i = 0; !rc && i < sizeof(secrets) / sizeof(*secrets); i++)
		rc = identity_check_secret(secrets[i]);
	if (!rc && id->user)
		rc = identity_password(id, options);
	if (rc)
		return rc;
	if (id->creds)
		s = natsOptions_SetUserCredentialsFromFiles(options, id->creds,
							    NULL);
	else if (id->nkey)
		s = natsOptions_SetNKeyFromSeed(options, id->nkey, id->seed);
	if (s == NATS_OK && id->inbox)
		s = natsOptions_SetCustomInboxPrefix(options, id->inbox);
	return s == NATS_OK ? identity_set_tls(id, options)
			    : identity_failed("who this is", s);
}
