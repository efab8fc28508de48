/* SPDX-License-Identifier: MIT */
/*
 * Ask a SQLite database the same question for each word on the command line, four at a
 * time: each worker has a connection of its own with its statement prepared, made as it
 * starts, since a connection is one thread's at a time.  Answers come in order.
 *
 *	sqlite-count DATABASE 'SELECT count(*) FROM visits WHERE page = ?' WORD...
 */
#include <boundpool.h>
#include <errno.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#define WORKERS 4

struct asking {
	const char *path, *question;
	struct connection {
		sqlite3 *db;
		sqlite3_stmt *statement;
	} connections[WORKERS];
};

struct word {
	struct asking *asking;
	const char *text;
	sqlite3_int64 answer;
	bool answered;
};

static int connect_worker(void *user, unsigned worker)
{
	struct asking *asking = user;
	struct connection *c = &asking->connections[worker];

	if (sqlite3_open_v2(asking->path, &c->db,
			    SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX,
			    NULL) == SQLITE_OK &&
	    sqlite3_prepare_v2(c->db, asking->question, -1, &c->statement,
			       NULL) == SQLITE_OK)
		return 0;
	fprintf(stderr, "%s: %s\n", asking->path, sqlite3_errmsg(c->db));
	sqlite3_close(c->db);
	return -EIO;
}

static void disconnect_worker(void *user, unsigned worker)
{
	struct asking *asking = user;

	sqlite3_finalize(asking->connections[worker].statement);
	sqlite3_close(asking->connections[worker].db);
}

static int ask(void *arg)
{
	struct word *word = arg;
	struct connection *c = &word->asking->connections[bpool_worker()];
	int rc = sqlite3_bind_text(c->statement, 1, word->text, -1,
				   SQLITE_STATIC);

	if (rc == SQLITE_OK)
		rc = sqlite3_step(c->statement);
	word->answered = rc == SQLITE_ROW;
	if (word->answered)
		word->answer = sqlite3_column_int64(c->statement, 0);
	else
		fprintf(stderr, "%s: %s\n", word->text,
			rc == SQLITE_DONE ? "no row" : sqlite3_errmsg(c->db));
	sqlite3_reset(c->statement);
	return word->answered ? 0 : -EIO;
}

int main(int argc, char **argv)
{
	struct asking asking = { 0 };
	const struct bpool_options options = {
		.size = sizeof(options),
		.workers = WORKERS,
		.on_worker_start = connect_worker,
		.on_worker_stop = disconnect_worker,
		.user = &asking,
	};
	size_t i, n = argc > 3 ? (size_t)argc - 3 : 0;
	struct word *words = calloc(n + 1, sizeof(*words));
	struct bpool *pool;
	int err;

	if (!words || n == 0)
		return 2;
	asking.path = argv[1];
	asking.question = argv[2];
	for (i = 0; i < n; i++)
		words[i] = (struct word){ &asking, argv[i + 3], 0, false };
	if (bpool_create(&pool, &options) < 0)
		return 1;
	err = bpool_map(pool, ask, words, sizeof(*words), n, NULL);
	for (i = 0; i < n; i++)
		if (words[i].answered)
			printf("%s %lld\n", words[i].text,
			       (long long)words[i].answer);
	bpool_destroy(pool);
	free(words);
	return err < 0;
}
