/* SPDX-License-Identifier: MIT */
/* A caller's options, checked and with their defaults. */
#ifndef BP_OPTIONS_H
#define BP_OPTIONS_H

#include <boundpool.h>

/*
 * Structs that grow begin with their size at the caller.  One from an older
 * header ends early, but never before the last member of the first version.
 */
#define BP_SIZE_MAX 4096u
#define BP_SIZE_UP_TO(type, member)                                            \
	(offsetof(type, member) + sizeof(((type *)NULL)->member))

/*
 * Copy the struct at `from`, which begins with its size, into `size` bytes at
 * `to`.  What a shorter one lacks is 0; what a longer one has more must be,
 * for it would not be done.  0, -EINVAL (shorter than `least`), -E2BIG.
 */
int bp_struct_read(void *to, size_t size, const void *from, size_t least);

/* The other way: as much of it as the caller's has room for, whose size is
 * set. */
int bp_struct_write(void *to, const void *from, size_t size, size_t least);

/* 0, or what bpool_limit_create() says of options; *options has defaults. */
int bp_limit_options_read(struct bpool_limit_options *options,
			  const struct bpool_limit_options *given);

/* `given` may be NULL.  0, or what bpool_create() says of options. */
int bp_options_read(struct bpool_options *options,
		    const struct bpool_options *given);

#endif
