/* SPDX-License-Identifier: MIT */
/*
 * Processes whose parents have ended.  bpool takes them for its own children
 * (it is a child subreaper), so that whatever a job starts stays a descendant
 * of bpool and can be found; and has to reap them, so that none stays behind
 * as a zombie.
 */
#ifndef ORPHANS_H
#define ORPHANS_H

/*
 * From now on they are the calling thread's, which must be the first of the
 * process.  Where the kernel does not know this, they are not found.
 */
void orphans_adopt(void);

/* Reap those that have ended.  By the same thread, which starts no jobs. */
void orphans_reap(void);

#endif
