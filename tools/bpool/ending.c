/* SPDX-License-Identifier: MIT */
#include "ending.h"

#include <stdio.h>
#include <string.h>

#define SIGNAL_STATUS 128 /* what shells add to the number of a signal */

int ending_status(const struct ending *ending)
{
	return ending->signal ? SIGNAL_STATUS + ending->signal : ending->status;
}

void ending_say(const struct ending *ending, char *text, size_t size)
{
	const char *late = ending->timed_out ? "timed out: " : "";

	if (ending->signal)
		(void)snprintf(text, size, "%skilled by signal %d (%s)", late,
			       ending->signal, strsignal(ending->signal));
	else
		(void)snprintf(text, size, "%sexit status %d", late,
			       ending->status);
}
