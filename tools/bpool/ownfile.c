/* SPDX-License-Identifier: MIT */
/* Files of the user's own.  See ownfile.h. */
#include "ownfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "filename.h"
#include "message.h"

#define OWNFILE_TRIES 100 /* while it is removed under our hands */

/* Whether others cannot have made, or changed, what is in the directory. */
static int directory_check(int fd, const char *path)
{
	struct stat is;

	if (fstat(fd, &is)) {
		int error = errno;

		say("%s: %s", path, strerror(error));
		return -error;
	}
	if (is.st_uid != geteuid()) {
		say("%s: is owned by user %ld, not by you", path,
		    (long)is.st_uid);
		return -EPERM;
	}
	if (is.st_mode & 077) {
		say("%s: is open to others (mode %04o, not 0700)", path,
		    (unsigned)is.st_mode & 07777);
		return -EPERM;
	}
	return 0;
}

/* The directory, checked; a descriptor or negative errno, said. */
static int directory_open(char *path, size_t size)
{
	int fd, rc;

	(void)snprintf(path, size, "%s/bpool-%ld", P_tmpdir, (long)geteuid());
	rc = mkdir(path, 0700) && errno != EEXIST ? -errno : 0;
	fd = rc ? -1
		: open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0) {
		rc = rc ? rc : -errno;
		say("%s: %s", path,
		    rc == -ELOOP || rc == -ENOTDIR
			    ? "is not a directory, or is a symbolic link"
			    : strerror(-rc));
		return rc;
	}
	rc = directory_check(fd, path);
	if (rc) {
		close(fd);
		return rc;
	}
	return fd;
}

/*
 * Open it, once.  A lock by flock(2) is what a cleaner heeds; where the file
 * system knows none, nothing is lost but that.
 *
 * -ESTALE   it, or the directory, was removed meanwhile
 */
static int file_open(int directory, const char *name)
{
	struct stat is;
	int fd, rc = 0;

	fd = openat(directory, name, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC,
		    0600);
	if (fd < 0)
		return errno == ENOENT ? -ESTALE : -errno;
	(void)flock(fd, LOCK_SH | LOCK_NB);
	if (fstat(fd, &is))
		rc = -errno;
	else if (!S_ISREG(is.st_mode))
		rc = -EINVAL;
	else if (is.st_uid != geteuid())
		rc = -EPERM;
	else if (is.st_nlink == 0)
		rc = -ESTALE;
	if (rc) {
		close(fd);
		return rc;
	}
	return fd;
}

int ownfile_open(const char *name)
{
	char path[64], file[FILENAME_SIZE], shown[200];
	int directory, fd, tries = 0, rc = filename_make(file, name);

	if (rc) {
		say("%s: %s", escaped(shown, sizeof(shown), name),
		    strerror(-rc));
		return rc;
	}
	do {
		directory = directory_open(path, sizeof(path));
		if (directory < 0)
			return directory;
		fd = file_open(directory, file);
		close(directory);
	} while (fd == -ESTALE && ++tries < OWNFILE_TRIES);
	if (fd < 0)
		say("%s/%s: %s", path, file, strerror(-fd));
	return fd;
}
