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

/* `given` may be NULL.  0, or what bpool_create() says of options. */
int bp_options_read(struct bpool_options *options,
		    const struct bpool_options *given);

#endif
