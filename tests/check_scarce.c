/* SPDX-License-Identifier: MIT */
/* Where the system gives nothing more to sleep on.  The linker puts __wrap_x()
 * between the library and libc's x(). */
#include "support.h"

static atomic_bool scarce;

int __real_sem_init(sem_t *sem, int shared, unsigned value);
int __wrap_sem_init(sem_t *sem, int shared, unsigned value);
int __real_pthread_cond_init(pthread_cond_t *cond,
			     const pthread_condattr_t *attr);
int __wrap_pthread_cond_init(pthread_cond_t *cond,
			     const pthread_condattr_t *attr);

int __wrap_sem_init(sem_t *sem, int shared, unsigned value)
{
	if (!atomic_load(&scarce))
		return __real_sem_init(sem, shared, value);
	errno = ENOMEM;
	return -1;
}

/* What stands in for semaphores where libc has no sem_clockwait(). */
int __wrap_pthread_cond_init(pthread_cond_t *cond,
			     const pthread_condattr_t *attr)
{
	return atomic_load(&scarce) ? ENOMEM
				    : __real_pthread_cond_init(cond, attr);
}

START_TEST(destroy_needs_nothing_that_could_be_wanting)
{
	struct bpool *pool = pool_of(2, 0);
	atomic_int count = 0;

	for (int i = 0; i < 20; i++)
		ck_assert_int_eq(bpool_submit(pool, count_job, &count), 0);
	atomic_store(&scarce, true);
	ck_assert_int_eq(bpool_wait(pool, NULL), -ENOMEM);
	ck_assert_int_eq(bpool_destroy(pool), 0);
	ck_assert_int_eq(atomic_load(&count), 20);
}
END_TEST

int main(void)
{
	return TESTS_RUN("scarce", destroy_needs_nothing_that_could_be_wanting);
}
