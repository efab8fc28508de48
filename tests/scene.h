/* SPDX-License-Identifier: MIT */
/*
 * A service that is asked without a pause for so many seconds and may change
 * meanwhile: by the library's jobs, or by bpool's.
 */
#ifndef SCENE_H
#define SCENE_H

#include "service.h"

/* An adaptive limit has that as its ceiling. */
#define CEILING 256

#define CHANGES 3

struct change {
	double at; /* seconds */
	unsigned capacity;
	uint64_t median_ns;
};

struct scene {
	struct service service;
	struct change changes[CHANGES];
	size_t nchanges, next;
	double seconds;
	char *bpool; /* its path; NULL: the library is what asks */
};

/* By so many at once; 0: by as many as the adaptive limit finds. */
void scene_play(struct scene *scene, unsigned fixed);

/* What bpool's jobs run, `PROGRAM ask SERVICE`: its exit status. */
int scene_ask(const char *service);

#endif
