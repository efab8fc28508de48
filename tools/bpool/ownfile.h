/* SPDX-License-Identifier: MIT */
/*
 * Files that this user's processes share and nobody else's can touch: in
 * /tmp/bpool-UID (P_tmpdir), which is there as long as the machine runs, for
 * cron as for a login, whatever the environment says.
 *
 * Anybody may make something of that name first.  So it is taken only if it
 * is a directory, no symbolic link, the user's, and closed to all others; then
 * all that is in it is the user's own doing.
 */
#ifndef OWNFILE_H
#define OWNFILE_H

/*
 * Open the file of any `name` there for reading and writing; it and the
 * directory are made where they are missing.  As long as it is open,
 * systemd-tmpfiles, which removes what is old, leaves it alone.  Returns its
 * descriptor (O_CLOEXEC), or negative errno, and has said why.
 */
int ownfile_open(const char *name);

#endif
