/* SPDX-License-Identifier: MIT */
/*
 * C's atomics for helgrind, which sees plain loads and stores in them and knows
 * nothing of their order.  Built with -fno-inline-atomics the library and its
 * tests call these by libatomic's names.  Each is one locked instruction, which
 * helgrind takes for no race with others of its kind but for one with a plain
 * load or store; and the order that was asked for is told, no stronger one.
 * Both are one step: by a lock of which helgrind does not know.
 */
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <valgrind/helgrind.h>

static int locked;

static void begin(void)
{
	while (__sync_lock_test_and_set(&locked, 1))
		sched_yield();
}

static void end(void)
{
	(void)__sync_lock_test_and_set(&locked, 0);
}

static void loaded(const volatile void *at, int order)
{
	if (order == memory_order_acquire || order == memory_order_acq_rel ||
	    order == memory_order_seq_cst)
		ANNOTATE_HAPPENS_AFTER(at);
}

static void stored(const volatile void *at, int order)
{
	if (order == memory_order_release || order == memory_order_acq_rel ||
	    order == memory_order_seq_cst)
		ANNOTATE_HAPPENS_BEFORE(at);
}

#define NAMED(call, bytes) __asm__("__atomic_" #call "_" #bytes)

#define ATOMICS(bytes, type)                                                   \
	type load_##bytes(volatile type *at, int order) NAMED(load, bytes);    \
	void store_##bytes(volatile type *at, type value, int order)           \
		NAMED(store, bytes);                                           \
	type add_##bytes(volatile type *at, type value, int order)             \
		NAMED(fetch_add, bytes);                                       \
	type sub_##bytes(volatile type *at, type value, int order)             \
		NAMED(fetch_sub, bytes);                                       \
	bool swap_##bytes(volatile type *at, type *expected, type value,       \
			  int order, int failed)                               \
		NAMED(compare_exchange, bytes);                                \
                                                                               \
	type load_##bytes(volatile type *at, int order)                        \
	{                                                                      \
		type value;                                                    \
                                                                               \
		begin();                                                       \
		value = __sync_val_compare_and_swap(at, 0, 0);                 \
		loaded(at, order);                                             \
		end();                                                         \
		return value;                                                  \
	}                                                                      \
                                                                               \
	void store_##bytes(volatile type *at, type value, int order)           \
	{                                                                      \
		begin();                                                       \
		(void)__sync_lock_test_and_set(at, value);                     \
		stored(at, order);                                             \
		end();                                                         \
	}                                                                      \
                                                                               \
	type add_##bytes(volatile type *at, type value, int order)             \
	{                                                                      \
		begin();                                                       \
		value = __sync_fetch_and_add(at, value);                       \
		loaded(at, order);                                             \
		stored(at, order);                                             \
		end();                                                         \
		return value;                                                  \
	}                                                                      \
                                                                               \
	type sub_##bytes(volatile type *at, type value, int order)             \
	{                                                                      \
		return add_##bytes(at, (type)-value, order);                   \
	}                                                                      \
                                                                               \
	bool swap_##bytes(volatile type *at, type *expected, type value,       \
			  int order, int failed)                               \
	{                                                                      \
		type was, wanted = *expected;                                  \
                                                                               \
		begin();                                                       \
		was = __sync_val_compare_and_swap(at, wanted, value);          \
		loaded(at, was == wanted ? order : failed);                    \
		if (was == wanted)                                             \
			stored(at, order);                                     \
		end();                                                         \
		*expected = was;                                               \
		return was == wanted;                                          \
	}

ATOMICS(1, uint8_t)
ATOMICS(4, uint32_t)
ATOMICS(8, uint64_t)
