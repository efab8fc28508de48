/* SPDX-License-Identifier: MIT */
/* What the cases have to judge by.  Any thread may call these. */
#ifndef LIBRARY_H
#define LIBRARY_H

#include <stdbool.h>

/* The run has failed: say why and end the process. */
_Noreturn void wrong(const char *format, ...)
	__attribute__((format(printf, 1, 2)));

#define MUST(holds)                                                            \
	do {                                                                   \
		if (!(holds))                                                  \
			wrong("%s:%d: %s", __FILE__, __LINE__, #holds);        \
	} while (0)

/*
 * What `call` returned.  0 is false; else it has to be one of the errors listed
 * (0 ends the list), a fault must have been met, and no other call have been
 * refused for one fault.  True: one that is over, so the call is made again.
 * False and err: it goes on.
 */
bool refused(const char *call, int err, ...);

/* The clock is what fails: what waits for a time may be told that it is over. */
bool clock_fails(void);

/* Each of these makes a pool, uses it and destroys it. */
struct torture_case {
	const char *name;
	void (*fn)(void);
	/* What the process may end with, as the header has it, where no thread is
	 * to be had; NULL: nothing. */
	const char *stops;
};

extern const struct torture_case cases[];
extern const unsigned ncases;

#endif
