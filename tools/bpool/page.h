/* SPDX-License-Identifier: MIT */
/*
 * --report: the events of a run in a page of HTML that draws them: one file, which
 * asks for no other.  Its parts stand in page/.  A page of a run that was killed
 * shows what is there.
 */
#ifndef PAGE_H
#define PAGE_H

#include "eventfile.h"
#include "fds.h"

extern const struct eventfile_form page_form;

/* Of HTML: what stands before the events, and behind; made by page/strings. */
extern const char page_head[], page_tail[];

/*
 * Write a page of the events in the file `from` ("-": stdin) to `target`.
 * Returns an exit status; what went wrong has been said.
 */
int page_make(const char *target, const char *from, struct fds *fds);

#endif
