# SPDX-License-Identifier: MIT
# Threads of the highest priority on one CPU wait for no thread that they keep
# from running: what spins before a lock sleeps soon.
set -eu
cpu=$(taskset -cp $$ | sed 's/.*: \([0-9]*\).*/\1/')
if ! taskset -c "$cpu" chrt -f 1 true 2>/dev/null; then
	echo 'skipped: no real-time scheduling here'
	exit 77
fi
cat >crowd.c <<'END2'
#include <boundpool.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

static struct bpool *pool;
static atomic_int ran;

static int job(void *arg)
{
	(void)arg;
	atomic_fetch_add(&ran, 1);
	return 0;
}

static void *produce(void *arg)
{
	for (int i = 0; i < 20000; i++)
		if (bpool_submit(pool, job, arg))
			return pool;
	return NULL;
}

int main(void)
{
	struct bpool_options options = { .size = sizeof(options),
					 .workers = 4, .max_in_flight = 3 };
	pthread_t threads[4];
	void *failed;

	if (bpool_create(&pool, &options))
		return 1;
	for (int i = 0; i < 4; i++)
		if (pthread_create(&threads[i], NULL, produce, NULL))
			return 1;
	for (int i = 0; i < 4; i++)
		if (pthread_join(threads[i], &failed) || failed)
			return 1;
	if (bpool_destroy(pool))
		return 1;
	printf("%d\n", atomic_load(&ran));
	return 0;
}
END2
# shellcheck disable=SC2086
$CC -O2 -std=c11 -pthread -Wall -Werror ${CXXFLAGS-} -I"$SRC/include" -o crowd \
	crowd.c "$BUILD/libboundpool.a"
[ "$(taskset -c "$cpu" chrt -f 1 timeout 100 ./crowd)" = 80000 ]
