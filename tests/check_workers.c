/* SPDX-License-Identifier: MIT */
/* The threads: hooks, names, signals, fork, and jobs that end their thread. */
#include <sys/resource.h>
#include <sys/wait.h>

#include "support.h"

struct hooked {
	atomic_int started[8], stopped[8];
	int fail_at;
};

static int on_start(void *user, unsigned worker)
{
	struct hooked *hooked = user;

	atomic_fetch_add(&hooked->started[worker], 1);
	return (int)worker == hooked->fail_at ? -ENOTCONN : 0;
}

static void on_stop(void *user, unsigned worker)
{
	struct hooked *hooked = user;

	atomic_fetch_add(&hooked->stopped[worker], 1);
}

static struct bpool_options hooked_options(struct hooked *hooked)
{
	return (struct bpool_options){ .size = sizeof(struct bpool_options),
				       .workers = 3,
				       .on_worker_start = on_start,
				       .on_worker_stop = on_stop,
				       .user = hooked };
}

START_TEST(hooks_run_once_on_each_worker)
{
	struct hooked hooked = { .fail_at = -1 };
	struct bpool_options options = hooked_options(&hooked);
	struct bpool *pool;

	ck_assert_int_eq(bpool_create(&pool, &options), 0);
	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(atomic_load(&hooked.started[i]), 1);
	ck_assert_int_eq(bpool_destroy(pool), 0);
	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(atomic_load(&hooked.stopped[i]), 1);
}
END_TEST

START_TEST(a_start_hook_that_fails_fails_create_and_stops_the_others)
{
	struct hooked hooked = { .fail_at = 1 };
	struct bpool_options options = hooked_options(&hooked);
	struct bpool *pool = NULL;

	ck_assert_int_eq(bpool_create(&pool, &options), -ENOTCONN);
	ck_assert_ptr_null(pool);
	ck_assert_int_eq(atomic_load(&hooked.stopped[0]), 1);
	ck_assert_int_eq(atomic_load(&hooked.stopped[1]), 0);
	ck_assert_int_eq(atomic_load(&hooked.stopped[2]), 1);
}
END_TEST

static int name_job(void *arg)
{
	return -pthread_getname_np(pthread_self(), arg, 16);
}

START_TEST(threads_are_named_after_pool_and_worker)
{
	static const char *const names[][2] = { { NULL, "bpool/0" },
						{ "fetch", "fetch/0" },
						{ "a-very-long-pool-name",
						  "a-very-long-p/0" } };

	for (size_t i = 0; i < COUNT(names); i++) {
		struct bpool_options options = { .size = sizeof(options),
						 .workers = 1,
						 .name = names[i][0] };
		struct bpool *pool;
		char name[16];

		ck_assert_int_eq(bpool_create(&pool, &options), 0);
		ck_assert_int_eq(bpool_map(pool, name_job, name, 0, 1, NULL),
				 0);
		ck_assert_str_eq(name, names[i][1]);
		ck_assert_int_eq(bpool_destroy(pool), 0);
	}
}
END_TEST

static int worker_job(void *arg)
{
	atomic_int *seen = arg;
	int number = bpool_worker();

	if (number >= 0 && number < 8)
		atomic_fetch_add(&seen[number], 1);
	return number;
}

START_TEST(a_job_knows_its_worker)
{
	struct bpool *pool = pool_of(3, 8);
	atomic_int seen[8] = { 0 };

	for (int i = 0; i < 100; i++)
		ck_assert_int_eq(bpool_submit(pool, worker_job, seen), 0);
	ck_assert_int_eq(bpool_destroy(pool), 0);
	ck_assert_int_eq(seen[0] + seen[1] + seen[2], 100);
	ck_assert_int_eq(bpool_worker(), -ENOENT);
	ck_assert_int_eq(bpool_cancelled(), 0);
}
END_TEST

static int mask_job(void *arg)
{
	return -pthread_sigmask(SIG_BLOCK, NULL, arg);
}

START_TEST(workers_block_every_signal_but_the_synchronous)
{
	static const int synchronous[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL };
	struct bpool *pool = pool_of(1, 1);
	sigset_t mask, mine;

	ck_assert_int_eq(bpool_map(pool, mask_job, &mask, 0, 1, NULL), 0);
	ck_assert_int_eq(sigismember(&mask, SIGTERM), 1);
	ck_assert_int_eq(sigismember(&mask, SIGINT), 1);
	ck_assert_int_eq(sigismember(&mask, SIGUSR1), 1);
	for (size_t i = 0; i < COUNT(synchronous); i++)
		ck_assert_int_eq(sigismember(&mask, synchronous[i]), 0);
	pthread_sigmask(SIG_BLOCK, NULL, &mine);
	ck_assert_int_eq(sigismember(&mine, SIGTERM), 0);
	ck_assert_int_eq(bpool_destroy(pool), 0);
}
END_TEST

static int exit_job(void *arg)
{
	(void)arg;
	pthread_exit(NULL);
}

START_TEST(a_job_that_exits_its_thread_is_settled_and_the_worker_replaced)
{
	struct hooked hooked = { .fail_at = -1 };
	struct bpool_options options = hooked_options(&hooked);
	struct bpool *pool;
	atomic_int count = 0;

	options.workers = 1;
	ck_assert_int_eq(bpool_create(&pool, &options), 0);
	for (int i = 1; i <= 20; i++) {
		struct bpool_future future = { 0 };
		int result = 0;

		ck_assert_int_eq(bpool_async(pool, &future, exit_job, NULL), 0);
		ck_assert_int_eq(bpool_submit(pool, count_job, &count), 0);
		ck_assert_int_eq(bpool_await(&future, &result, NULL), 0);
		ck_assert_int_eq(result, -EOWNERDEAD);
		ck_assert_int_eq(bpool_wait(pool, NULL), 0);
		ck_assert_int_eq(atomic_load(&count), i);
	}
	ck_assert_uint_eq(stats_of(pool).failed, 20);
	ck_assert_int_eq(bpool_destroy(pool), 0);
	ck_assert_int_eq(atomic_load(&hooked.started[0]), 21);
	ck_assert_int_eq(atomic_load(&hooked.stopped[0]), 21);
}
END_TEST

/* The address sanitizer knows that pthread_exit() leaves frames behind, but
 * not that a cancellation does. */
#if ADDRESS_SANITIZER
void __asan_handle_no_return(void);
#else
#define __asan_handle_no_return() ((void)0)
#endif

static int cancel_job(void *arg)
{
	(void)arg;
	pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, NULL);
	pthread_cancel(pthread_self());
	__asan_handle_no_return();
	pthread_testcancel();
	return 0;
}

START_TEST(a_job_that_lets_itself_be_cancelled_is_settled_too)
{
	struct bpool *pool = pool_of(2, 4);
	struct bpool_future future = { 0 };
	int result = 0;

	ck_assert_int_eq(bpool_async(pool, &future, cancel_job, NULL), 0);
	ck_assert_int_eq(bpool_await(&future, &result, NULL), 0);
	ck_assert_int_eq(result, -EOWNERDEAD);
	ck_assert_int_eq(bpool_destroy(pool), 0);
}
END_TEST

static int exit_in_map(void *arg)
{
	return bpool_map(arg, exit_job, NULL, 0, 1, NULL);
}

START_TEST(a_job_run_inside_another_that_exits_its_thread_stops_the_process)
{
	pid_t child = fork();
	int status;

	if (child == 0) {
		struct bpool *pool = pool_of(1, 1);

		fclose(stderr);
		bpool_submit(pool, exit_in_map, pool);
		bpool_wait(pool, NULL);
		_exit(0);
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert(WIFSIGNALED(status));
	ck_assert_int_eq(WTERMSIG(status), SIGABRT);
}
END_TEST

static int hook_exits(void *user, unsigned worker)
{
	(void)user;
	(void)worker;
	pthread_exit(NULL);
}

START_TEST(a_hook_that_exits_its_thread_stops_the_process)
{
	pid_t child = fork();
	int status;

	if (child == 0) {
		struct bpool_options options = { .size = sizeof(options),
						 .workers = 1,
						 .on_worker_start =
							 hook_exits };
		struct bpool *pool;

		fclose(stderr);
		bpool_create(&pool, &options);
		_exit(0);
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert(WIFSIGNALED(status));
	ck_assert_int_eq(WTERMSIG(status), SIGABRT);
}
END_TEST

/* Every call on the parent's pool, in the child: how many were refused. */
static int limit_calls_refused(struct bpool *pool, struct bpool_limit *limit)
{
	struct bpool_limit_options options = { .size = sizeof(options) };
	struct bpool_limit_stats stats = { .size = sizeof(stats) };
	struct timespec now = bpool_after(0);
	struct bpool_limit *fresh;
	int refused = 0;

	refused += bpool_limit_create(&fresh, pool, &options) == -ECHILD;
	refused += bpool_limit_set(limit, &options) == -ECHILD;
	refused += bpool_limit_pause_until(limit, NULL, &now) == -ECHILD;
	refused += bpool_limit_stats(limit, NULL, &stats) == -ECHILD;
	refused += bpool_limit_destroy(limit) == -ECHILD;
	refused += bpool_limit_of(pool) == NULL;
	refused += bpool_submit_with(pool, exit_job, NULL, NULL) == -ECHILD;
	refused += bpool_try_submit_with(pool, exit_job, NULL, NULL) == -ECHILD;
	return refused;
}

static int calls_refused(struct bpool *pool, struct bpool_future *future,
			 struct bpool_group *group)
{
	struct bpool_stats stats = { .size = sizeof(stats) };
	struct bpool_call call = { exit_job, NULL };
	struct bpool_future fresh = { 0 }, *next;
	int refused = 0;

	refused += bpool_submit(pool, exit_job, NULL) == -ECHILD;
	refused += bpool_try_submit(pool, exit_job, NULL) == -ECHILD;
	refused += bpool_submit_until(pool, exit_job, NULL, NULL) == -ECHILD;
	refused += bpool_submit_many(pool, &call, 1) == -ECHILD;
	refused += bpool_submit_copy(pool, exit_job, &call, 1) == -ECHILD;
	refused += bpool_wait(pool, NULL) == -ECHILD;
	refused += bpool_close(pool, BPOOL_CANCEL) == -ECHILD;
	refused += bpool_map(pool, exit_job, NULL, 0, 1, NULL) == -ECHILD;
	refused += bpool_stats(pool, &stats) == -ECHILD;
	refused += bpool_async(pool, &fresh, exit_job, NULL) == -ECHILD;
	refused += bpool_async_copy(pool, &fresh, exit_job, &call, 1) ==
		   -ECHILD;
	refused += bpool_await(future, NULL, NULL) == -ECHILD;
	refused += bpool_future_fini(future) == -ECHILD;
	refused += bpool_group_async(group, &fresh, exit_job, NULL) == -ECHILD;
	refused += bpool_group_async_copy(group, &fresh, exit_job, &call, 1) ==
		   -ECHILD;
	refused += bpool_group_next(group, &next, NULL) == -ECHILD;
	refused += bpool_group_wait(group, NULL) == -ECHILD;
	refused += bpool_group_cancel(group) == -ECHILD;
	refused += bpool_group_fini(group) == -ECHILD;
	refused += bpool_group_init(group, pool, 0) == -ECHILD;
	refused += bpool_destroy(pool) == -ECHILD;
	return refused;
}

/* A pool of the child's own. */
static bool child_pool_works(void)
{
	atomic_int count = 0;

#if !THREAD_SANITIZER /* which knows no threads after a fork */
	struct bpool *own;

	if (bpool_create(&own, NULL) != 0 ||
	    bpool_submit(own, count_job, &count) != 0 ||
	    bpool_destroy(own) != 0)
		return false;
#else
	atomic_store(&count, 1);
#endif
	return atomic_load(&count) == 1;
}

START_TEST(in_a_forked_child_every_call_is_refused_and_a_new_pool_works)
{
	struct bpool *pool = pool_of(2, 2);
	struct bpool_limit *limit = limit_of(pool, LIMIT(.max_keys = 1));
	struct bpool_future future = { 0 };
	struct bpool_group group;
	struct gate gate;
	pid_t child;
	int status;

	gate_init(&gate, 0);
	ck_assert_int_eq(bpool_group_init(&group, pool, 0), 0);
	/* Full; and both workers are in a job, for a sanitizer's runtime does
	 * not survive a fork while a thread starts. */
	ck_assert_int_eq(bpool_async(pool, &future, gate_job, &gate), 0);
	ck_assert_int_eq(bpool_submit(pool, gate_job, &gate), 0);
	gate_await(&gate, 2);
	child = fork();
	if (child == 0) {
		int refused = limit_calls_refused(pool, limit) +
			      calls_refused(pool, &future, &group);

		_exit(child_pool_works() ? refused : 100);
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert(WIFEXITED(status));
	ck_assert_int_eq(WEXITSTATUS(status), 8 + 21);
	gate_open(&gate, 2);
	ck_assert_int_eq(bpool_destroy(pool), 0);
}
END_TEST

static int fork_job(void *arg)
{
	int status;
	pid_t child = fork();

	(void)arg;
	if (child == 0)
		_exit(bpool_cancelled() == -ECHILD &&
		      bpool_worker() == -ECHILD);
	if (waitpid(child, &status, 0) != child || !WIFEXITED(status))
		return -1;
	return WEXITSTATUS(status);
}

START_TEST(a_job_that_forks_has_a_child_that_is_told)
{
	struct bpool *pool = pool_of(1, 1);
	int result = 0;

	ck_assert_int_eq(bpool_map(pool, fork_job, NULL, 0, 1, &result), 0);
	ck_assert_int_eq(result, 1);
	ck_assert_int_eq(bpool_destroy(pool), 0);
}
END_TEST

START_TEST(a_burst_of_blocking_jobs_gets_every_worker)
{
	struct bpool *pool = pool_of(64, 0);
	struct gate gate;

	gate_init(&gate, 0);
	for (int i = 0; i < 64; i++)
		ck_assert_int_eq(bpool_submit(pool, gate_job, &gate), 0);
	/* Returns only when all 64 are inside at the same time. */
	gate_await(&gate, 64);
	ck_assert_int_eq(atomic_load(&gate.peak), 64);
	gate_open(&gate, 64);
	ck_assert_int_eq(bpool_destroy(pool), 0);
}
END_TEST

/* Sanitizers need stacks of their own size; valgrind may itself fall over one that
 * overflows. */
#if !ADDRESS_SANITIZER && !THREAD_SANITIZER && !defined(BP_HELGRIND)
static int deep(int n)
{
	char here[1024];

	memset(here, n, sizeof(here));
	__asm__ volatile("" ::"r"(here) : "memory");
	return n == 0 ? here[0] : deep(n - 1) + (here[5] != (char)n);
}

static int deep_job(void *arg)
{
	return deep(*(int *)arg);
}

START_TEST(the_stack_is_as_large_as_asked)
{
	struct bpool_options options = { .size = sizeof(options),
					 .workers = 1,
					 .stack_size = 4 * 1024 * 1024 + 1 };
	struct bpool *pool;
	int kib = 3 * 1024;

	ck_assert_int_eq(bpool_create(&pool, &options), 0);
	ck_assert_int_eq(bpool_map(pool, deep_job, &kib, 0, 1, NULL), 0);
	ck_assert_int_eq(bpool_destroy(pool), 0);
}
END_TEST
/* It meets a page that is nobody's, and no other worker's stack. */
START_TEST(a_stack_that_overflows_ends_the_process)
{
	pid_t child = fork();
	int status;

	if (child == 0) {
		struct bpool_options options = { .size = sizeof(options),
						 .workers = 8,
						 .stack_size = 64 * 1024 };
		struct rlimit none = { 0 };
		struct bpool *pool;
		int kib = 128;

		setrlimit(RLIMIT_CORE, &none);
		bpool_create(&pool, &options);
		bpool_map(pool, deep_job, &kib, 0, 1, NULL);
		_exit(0);
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert(WIFSIGNALED(status));
	ck_assert_int_eq(WTERMSIG(status), SIGSEGV);
}
END_TEST
#define STACK_TESTS                                                            \
	, the_stack_is_as_large_as_asked,                                      \
		a_stack_that_overflows_ends_the_process
#else
#define STACK_TESTS
#endif

int main(void)
{
	return TESTS_RUN(
		"workers", hooks_run_once_on_each_worker,
		a_start_hook_that_fails_fails_create_and_stops_the_others,
		threads_are_named_after_pool_and_worker, a_job_knows_its_worker,
		workers_block_every_signal_but_the_synchronous,
		a_job_that_exits_its_thread_is_settled_and_the_worker_replaced,
		a_job_that_lets_itself_be_cancelled_is_settled_too,
		a_job_run_inside_another_that_exits_its_thread_stops_the_process,
		a_hook_that_exits_its_thread_stops_the_process,
		in_a_forked_child_every_call_is_refused_and_a_new_pool_works,
		a_job_that_forks_has_a_child_that_is_told,
		a_burst_of_blocking_jobs_gets_every_worker STACK_TESTS);
}
