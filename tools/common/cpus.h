/* SPDX-License-Identifier: MIT */
/* How many CPUs this process may use. */
#ifndef CPUS_H
#define CPUS_H

unsigned cpus_usable(void);

#endif
