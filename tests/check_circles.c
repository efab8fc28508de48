/* SPDX-License-Identifier: MIT */
/* What is refused as a circle is one, and what is none is not refused. */
#include "support.h"

#define TOLD_NOTHING 1

static sem_t begun, go;

static void sems_init(void)
{
	sem_init(&begun, 0, 0);
	sem_init(&go, 0, 0);
}

static void take(sem_t *sem)
{
	while (sem_wait(sem) != 0)
		;
}

static int hold_job(void *arg)
{
	(void)arg;
	sem_post(&begun);
	take(&go);
	return 0;
}

/* ---- What is none ------------------------------------------------------- */

/*
 * A waits for its group of B and D and runs B on the spot; D, on the other
 * worker, awaits B, which waits for nobody.
 */
struct above {
	struct bpool *pool;
	struct bpool_future b;
	int err;
};

static int above_b(void *arg)
{
	(void)arg;
	take(&go);
	return 3;
}

static int above_d(void *arg)
{
	struct above *above = arg;

	above->err = bpool_await(&above->b, NULL, NULL);
	return 0;
}

static int above_a(void *arg)
{
	struct above *above = arg;
	struct bpool_future d = { 0 };
	struct bpool_group group;

	bpool_group_init(&group, above->pool, 0);
	bpool_group_async(&group, &above->b, above_b, above);
	bpool_group_async(&group, &d, above_d, above);
	bpool_group_wait(&group, NULL);
	return bpool_group_fini(&group);
}

START_TEST(a_job_on_top_of_a_wait_does_not_wait_with_it)
{
	struct above above = { .pool = pool_of(2, 0), .err = TOLD_NOTHING };
	struct bpool_future a = { 0 };
	int result;

	sems_init();
	for (int i = 0; i < 50; i++) {
		struct timespec soon = bpool_after(2 * MS);

		memset(&above.b, 0, sizeof(above.b));
		ck_assert_int_eq(bpool_async(above.pool, &a, above_a, &above),
				 0);
		/* Time for D to come to its wait, so that it is asked. */
		ck_assert_int_eq(bpool_await(&a, NULL, &soon), -ETIMEDOUT);
		sem_post(&go);
		ck_assert_int_eq(bpool_await(&a, &result, NULL), 0);
		ck_assert_int_eq(result, 0);
		ck_assert_int_eq(above.err, 0);
	}
	ck_assert_int_eq(bpool_destroy(above.pool), 0);
}
END_TEST

/*
 * Programs without a circle: each job makes a family of jobs, which await
 * older brothers only, collect or map over families of their own.
 */
struct child {
	struct bpool *pool;
	struct child *family;
	int older; /* brothers before it that may be awaited */
	int depth;
	unsigned seed;
	atomic_int *refused;
	struct bpool_future future;
};

static unsigned next_random(unsigned *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 16;
}

static void family_make(struct child *parent);

static int child_job(void *arg)
{
	struct child *child = arg;
	unsigned *seed = &child->seed;

	for (int i = 0; i < 2 && child->older > 0; i++) {
		struct child *brother = &child->family[next_random(seed) %
						       (unsigned)child->older];

		if (bpool_await(&brother->future, NULL, NULL) == -EDEADLK)
			atomic_fetch_add(child->refused, 1);
	}
	if (next_random(seed) % 3 == 0)
		sched_yield();
	if (child->depth > 0 && next_random(seed) % 3)
		family_make(child);
	return 0;
}

static void family_collect(struct bpool_group *group, struct child *parent)
{
	struct bpool_future *future;
	int err;

	do {
		err = bpool_group_next(group, &future, NULL);
	} while (err == 0);
	if (err == -EDEADLK)
		atomic_fetch_add(parent->refused, 1);
}

static void family_make(struct child *parent)
{
	struct child children[5];
	int n = 2 + (int)(next_random(&parent->seed) % 4);
	bool maps = next_random(&parent->seed) % 4 == 0;
	struct bpool_group group;

	bpool_group_init(&group, parent->pool, 0);
	for (int i = 0; i < n; i++) {
		children[i] = (struct child){
			.pool = parent->pool,
			.family = children,
			.older = maps ? 0 : i,
			.depth = parent->depth - 1,
			.seed = next_random(&parent->seed) + (unsigned)i,
			.refused = parent->refused,
		};
	}
	if (maps) {
		bpool_map(parent->pool, child_job, children, sizeof(*children),
			  (size_t)n, NULL);
		return;
	}
	for (int i = 0; i < n; i++)
		if (bpool_group_async(&group, &children[i].future, child_job,
				      &children[i]) != 0)
			atomic_fetch_add(parent->refused, 1);
	if (next_random(&parent->seed) % 2)
		family_collect(&group, parent);
	if (bpool_group_wait(&group, NULL) != 0 ||
	    bpool_group_fini(&group) != 0)
		atomic_fetch_add(parent->refused, 1);
}

START_TEST(programs_without_a_circle_are_never_refused)
{
	atomic_int refused = 0;

	for (unsigned round = 0; round < MANY(200); round++) {
		struct bpool *pool = pool_of(1 + round % 6, 4096);
		struct child roots[4];

		for (int i = 0; i < 4; i++) {
			roots[i] =
				(struct child){ .pool = pool,
						.depth = 3,
						.seed = round * 4 + (unsigned)i,
						.refused = &refused };
			ck_assert_int_eq(bpool_async(pool, &roots[i].future,
						     child_job, &roots[i]),
					 0);
		}
		ck_assert_int_eq(bpool_wait(pool, NULL), 0);
		ck_assert_int_eq(bpool_destroy(pool), 0);
	}
	ck_assert_int_eq(atomic_load(&refused), 0);
}
END_TEST

/* B collects its group, of which R awaits A; A adds J to it and awaits B. */
struct collects {
	struct bpool *pool;
	struct bpool_group group;
	struct bpool_future a, b, r, j;
	int a_told, b_told;
};

static int collects_j(void *arg)
{
	(void)arg;
	return 0;
}

static int collects_r(void *arg)
{
	struct collects *collects = arg;

	sem_post(&begun);
	return bpool_await(&collects->a, NULL, NULL);
}

static int collects_b(void *arg)
{
	struct collects *collects = arg;
	struct bpool_future *future;

	sem_post(&begun);
	collects->b_told = bpool_group_next(&collects->group, &future, NULL);
	return 0;
}

static int collects_a(void *arg)
{
	struct collects *collects = arg;

	sem_post(&begun);
	take(&go);
	bpool_group_async(&collects->group, &collects->j, collects_j, NULL);
	collects->a_told = bpool_await(&collects->b, NULL, NULL);
	return 0;
}

START_TEST(a_ready_job_is_enough_for_who_takes_any)
{
	struct collects c = { .pool = pool_of(3, 0) };

	sems_init();
	ck_assert_int_eq(bpool_group_init(&c.group, c.pool, 0), 0);
	ck_assert_int_eq(bpool_async(c.pool, &c.a, collects_a, &c), 0);
	take(&begun);
	ck_assert_int_eq(bpool_group_async(&c.group, &c.r, collects_r, &c), 0);
	take(&begun);
	ck_assert_int_eq(bpool_async(c.pool, &c.b, collects_b, &c), 0);
	take(&begun);
	sem_post(&go);
	ck_assert_int_eq(bpool_await(&c.b, NULL, NULL), 0);
	ck_assert_int_eq(bpool_wait(c.pool, NULL), 0);
	ck_assert_int_eq(c.a_told, 0);
	ck_assert_int_eq(c.b_told, 0);
	ck_assert_int_eq(bpool_group_fini(&c.group), 0);
	ck_assert_int_eq(bpool_destroy(c.pool), 0);
}
END_TEST

/* A waits for its group; L comes later and awaits A. */
struct later {
	struct bpool *pool;
	struct bpool_group group;
	struct bpool_future a, r, l;
	int a_told, l_told;
};

static int later_a(void *arg)
{
	struct later *later = arg;

	sem_post(&begun);
	later->a_told = bpool_group_wait(&later->group, NULL);
	return 0;
}

static int later_l(void *arg)
{
	struct later *later = arg;

	later->l_told = bpool_await(&later->a, NULL, NULL);
	return 0;
}

START_TEST(a_wait_for_a_group_runs_nothing_that_came_later)
{
	struct later later = { .pool = pool_of(2, 0), .a_told = TOLD_NOTHING };
	struct timespec soon;

	sems_init();
	ck_assert_int_eq(bpool_group_init(&later.group, later.pool, 0), 0);
	ck_assert_int_eq(
		bpool_group_async(&later.group, &later.r, hold_job, NULL), 0);
	take(&begun);
	ck_assert_int_eq(bpool_async(later.pool, &later.a, later_a, &later), 0);
	take(&begun);
	soon = bpool_after(5 * MS);
	ck_assert_int_eq(bpool_await(&later.a, NULL, &soon), -ETIMEDOUT);
	ck_assert_int_eq(
		bpool_group_async(&later.group, &later.l, later_l, &later), 0);
	soon = bpool_after(5 * MS);
	ck_assert_int_eq(bpool_await(&later.a, NULL, &soon), -ETIMEDOUT);
	sem_post(&go);
	ck_assert_int_eq(bpool_wait(later.pool, NULL), 0);
	ck_assert_int_eq(later.a_told, 0);
	ck_assert_int_eq(later.l_told, 0);
	ck_assert_int_eq(bpool_group_fini(&later.group), 0);
	ck_assert_int_eq(bpool_destroy(later.pool), 0);
}
END_TEST

/* ---- What is one -------------------------------------------------------- */

struct taken {
	struct bpool_group group;
	struct bpool_future r, b;
	int told;
};

static int taken_b(void *arg)
{
	struct taken *taken = arg;
	struct bpool_future *future;

	sem_post(&begun);
	taken->told = bpool_group_next(&taken->group, &future, NULL);
	return 0;
}

static void *taken_main(void *arg)
{
	struct taken *taken = arg;
	struct bpool_future *future;
	intptr_t n = 0;

	while (bpool_group_next(&taken->group, &future, NULL) == 0)
		n++;
	return (void *)n;
}

/* B, of the group itself, may count on R; but another is there first. */
START_TEST(next_is_refused_once_another_took_what_it_counted_on)
{
	struct bpool *pool = pool_of(2, 0);
	struct taken taken = { .told = TOLD_NOTHING };
	struct timespec soon;
	pthread_t thread;
	void *collected;

	sems_init();
	ck_assert_int_eq(bpool_group_init(&taken.group, pool, 0), 0);
	ck_assert_int_eq(
		bpool_group_async(&taken.group, &taken.r, hold_job, NULL), 0);
	take(&begun);
	ck_assert_int_eq(pthread_create(&thread, NULL, taken_main, &taken), 0);
	pool_await_users(pool, 1);
	ck_assert_int_eq(
		bpool_group_async(&taken.group, &taken.b, taken_b, &taken), 0);
	take(&begun);
	soon = bpool_after(5 * MS);
	ck_assert_int_eq(bpool_await(&taken.b, NULL, &soon), -ETIMEDOUT);
	sem_post(&go);
	ck_assert_int_eq(pthread_join(thread, &collected), 0);
	ck_assert_int_eq((int)(intptr_t)collected, 2);
	ck_assert_int_eq(taken.told, -EDEADLK);
	ck_assert_int_eq(bpool_group_fini(&taken.group), 0);
	ck_assert_int_eq(bpool_destroy(pool), 0);
}
END_TEST

/* Each job of the group adds two more to it while there is room: how deep do
 * they stand on one stack? */
struct crawl {
	struct bpool_group *group;
	struct bpool_future *futures;
	atomic_int *taken;
	atomic_int *deepest;
};

#define PAGES 2000

static int crawl_job(void *arg)
{
	static _Thread_local int depth;
	struct crawl *crawl = arg;
	int most = atomic_load(crawl->deepest);

	depth++;
	while (depth > most &&
	       !atomic_compare_exchange_weak(crawl->deepest, &most, depth))
		;
	for (int i = 0; i < 2; i++) {
		int page = atomic_fetch_add(crawl->taken, 1);

		if (page < PAGES)
			bpool_group_async(crawl->group, &crawl->futures[page],
					  crawl_job, crawl);
	}
	depth--;
	return 0;
}

START_TEST(jobs_that_submit_into_their_own_group_do_not_pile_up)
{
	struct bpool *pool = pool_of(2, 64);
	struct bpool_future *futures = calloc(PAGES, sizeof(*futures)), *next;
	atomic_int taken = 1, deepest = 0;
	struct bpool_group group;
	struct crawl crawl = { &group, futures, &taken, &deepest };

	ck_assert_ptr_nonnull(futures);
	ck_assert_int_eq(bpool_group_init(&group, pool, 0), 0);
	ck_assert_int_eq(
		bpool_group_async(&group, &futures[0], crawl_job, &crawl), 0);
	/* Until none is left: a wait covers only what is there. */
	while (bpool_group_next(&group, &next, NULL) == 0)
		;
	ck_assert_int_eq(atomic_load(&deepest), 1);
	ck_assert_int_eq(bpool_group_fini(&group), 0);
	ck_assert_int_eq(bpool_destroy(pool), 0);
	free(futures);
}
END_TEST

int main(void)
{
	return TESTS_RUN("circles",
			 a_job_on_top_of_a_wait_does_not_wait_with_it,
			 programs_without_a_circle_are_never_refused,
			 a_ready_job_is_enough_for_who_takes_any,
			 a_wait_for_a_group_runs_nothing_that_came_later,
			 next_is_refused_once_another_took_what_it_counted_on,
			 jobs_that_submit_into_their_own_group_do_not_pile_up);
}
