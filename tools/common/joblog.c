/* SPDX-License-Identifier: MIT */
#include "joblog.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io.h"
#include "message.h"

#define JOBLOG_HEADER_LINE                                                     \
	"Seq\tHost\tStarttime\tJobRuntime\tSend\tReceive\tExitval\tSignal\t"   \
	"Command"
#define JOBLOG_COLUMNS 9

#define JOBLOG_TRIES 100 /* while it is replaced under our hands */

/* ... and while another run has it: what a run that was killed had just forked, for
 * a program to come, has its lock until that runs. */
#define JOBLOG_BUSY_TRIES 25
#define JOBLOG_BUSY_MS 20

/* What stands for the exit status of a job that was not left to end. */
#define JOBLOG_NO_STATUS (-1)

/* ---- Writing -------------------------------------------------------------- */

int joblog_lock(struct joblog *log)
{
	struct flock lock = { .l_type = log->reads ? F_RDLCK : F_WRLCK,
			      .l_whence = SEEK_SET };
	struct stat stat;

	if (fstat(log->fd, &stat))
		return -errno;
	if (!S_ISREG(stat.st_mode))
		return -EINVAL;
	if (fcntl(log->fd, F_OFD_SETLK, &lock))
		return errno == EACCES || errno == EAGAIN ? -EBUSY : -errno;
	/* Before it was locked, another may have written more. */
	if (fstat(log->fd, &stat))
		return -errno;
	log->end = stat.st_size;
	log->device = stat.st_dev;
	log->inode = stat.st_ino;
	return 0;
}

/* Whether it still is what stands at its path: 0, or -ESTALE. */
static int joblog_check(const struct joblog *log)
{
	struct stat is;

	if (stat(log->path, &is))
		return errno == ENOENT ? -ESTALE : -errno;
	return is.st_dev == log->device && is.st_ino == log->inode ? 0
								   : -ESTALE;
}

const char *joblog_why(int error)
{
	switch (error) {
	case -EBUSY:
		return "another run writes this log";
	case -EINVAL:
		return "not a regular file";
	case -ESTALE:
		return "it was removed or replaced";
	case -ELOOP:
		return "is a symbolic link";
	default:
		return strerror(-error);
	}
}

/*
 * Once.
 *
 * -ESTALE   another run has put a mended one into its place meanwhile
 */
static int joblog_try(struct joblog *log, int flags, struct fds *fds)
{
	int rc;

	fds_lock(fds);
	/* Without O_NONBLOCK a FIFO would be waited for. */
	log->fd = open(log->path, flags | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK,
		       0600);
	rc = log->fd < 0 ? -errno : joblog_lock(log);
	fds_unlock(fds);
	if (!rc)
		rc = joblog_check(log);
	if (rc && log->fd >= 0)
		close(log->fd);
	return rc;
}

int joblog_open(struct joblog *log, const char *path, enum joblog_use use,
		struct fds *fds)
{
	static const int flags[] = {
		[JOBLOG_READ] = O_RDONLY,
		[JOBLOG_APPEND] = O_RDWR,
		[JOBLOG_MAKE] = O_RDWR | O_CREAT,
	};
	char shown[200];
	int rc, tries = 0, busy = 0;

	*log = (struct joblog){ .path = path, .reads = use == JOBLOG_READ };
	do {
		if (busy)
			(void)poll(NULL, 0, JOBLOG_BUSY_MS);
		rc = joblog_try(log, flags[use], fds);
	} while ((rc == -ESTALE && ++tries < JOBLOG_TRIES) ||
		 (rc == -EBUSY && ++busy < JOBLOG_BUSY_TRIES));
	if (rc)
		say("%s: %s", escaped(shown, sizeof(shown), path),
		    joblog_why(rc));
	return rc;
}

int joblog_begin(struct joblog *log)
{
	static const char header[] = JOBLOG_HEADER_LINE "\n";

	if (ftruncate(log->fd, 0))
		return -errno;
	log->end = 0;
	return joblog_write(log, header, sizeof(header) - 1);
}

bool joblog_is_header(const char *line, size_t len)
{
	return len < sizeof(JOBLOG_HEADER_LINE) &&
	       memcmp(line, JOBLOG_HEADER_LINE, len) == 0;
}

bool joblog_is_ours(const struct joblog *log)
{
	char line[sizeof(JOBLOG_HEADER_LINE)];
	ssize_t len = pread(log->fd, line, sizeof(line), 0);

	if (len == (ssize_t)sizeof(line) && line[len - 1] == '\n')
		len--;
	return len >= 0 && joblog_is_header(line, (size_t)len);
}

int joblog_write(struct joblog *log, const char *record, size_t len)
{
	int rc = joblog_check(log);

	/* Nobody would find it. */
	log->gone = rc != 0;
	if (rc)
		return rc;
	rc = pwrite_all(log->fd, record, len, log->end);
	if (!rc)
		log->end += (off_t)len;
	/* Where this fails too, the record is known to be torn. */
	else if (ftruncate(log->fd, log->end))
		return rc;
	return rc;
}

int joblog_close(struct joblog *log)
{
	int rc = log->reads || log->gone ? 0 : joblog_check(log);

	/* EINVAL: a file system that has nothing to wait for. */
	if (!log->reads && fdatasync(log->fd) && errno != EINVAL &&
	    errno != EROFS && !rc)
		rc = -errno;
	if (close(log->fd) && errno != EINTR && !rc)
		rc = -errno;
	return rc;
}

/* As the operand of printf %b, in single quotes. */
static void text_add_escaped(struct text *text, const char *command)
{
	for (; *command; command++) {
		if (*command == '\n')
			text_say(text, "\\n");
		else if (*command == '\\')
			text_say(text, "\\\\");
		else if (*command == '\'')
			text_say(text, "'\\''");
		else
			text_add(text, command, 1);
	}
}

char *joblog_command(const char *command, const char *directory)
{
	struct text whole = { 0 }, line = { 0 };
	char *all;

	if (directory) {
		text_say(&whole, "cd ");
		text_add_word(&whole, directory);
		text_say(&whole, " || exit; ");
	}
	text_say(&whole, command);
	all = text_take(&whole);
	if (!all || !strchr(all, '\n'))
		return all;
	text_say(&line, "eval \"$(printf %b '");
	text_add_escaped(&line, all);
	text_say(&line, "')\"");
	free(all);
	return text_take(&line);
}

char *joblog_restore(const char *command, size_t len)
{
	char *text = malloc(len + 1), *restored;
	size_t i;

	if (!text)
		return NULL;
	for (i = 0; i < len; i++)
		text[i] = (char)(command[i] ? command[i] : '\n');
	text[len] = '\0';
	restored = joblog_command(text, NULL);
	free(text);
	return restored;
}

void joblog_add_record(struct text *text, uint64_t number,
		       const struct ending *ending, const char *command)
{
	char columns[200];

	(void)snprintf(columns, sizeof(columns),
		       "%" PRIu64 "\t:\t%" PRId64 ".%03d\t%6" PRId64
		       ".%03d\t0\t%" PRIu64 "\t%d\t%d\t",
		       number, ending->started_us / 1000000,
		       (int)(ending->started_us / 1000 % 1000),
		       ending->ran_us / 1000000,
		       (int)(ending->ran_us / 1000 % 1000), ending->nout,
		       ending->timed_out ? JOBLOG_NO_STATUS : ending->status,
		       ending->signal);
	text_say(text, columns);
	text_say(text, command);
	text_say(text, "\n");
}

/* ---- Reading -------------------------------------------------------------- */

/* Digits alone, with a point among them where that may be; not none. */
static bool column_is_number(const char *s, size_t len, bool point)
{
	size_t i, digits = 0;

	for (i = 0; i < len; i++) {
		if (s[i] >= '0' && s[i] <= '9')
			digits++;
		else if (s[i] == '.' && point)
			point = false;
		else
			return false;
	}
	return digits > 0;
}

/* The same, with blanks and a minus before it. */
static bool column_is_any_number(const char *s, size_t len)
{
	while (len && *s == ' ') {
		s++;
		len--;
	}
	if (len && *s == '-') {
		s++;
		len--;
	}
	return column_is_number(s, len, true);
}

struct column {
	const char *at;
	size_t len;
};

/* Split at tabs into `most`; the last has what is left.  How many there are. */
static int columns_split(const char *line, size_t len, struct column *columns,
			 int most)
{
	int n = 0;

	while (n < most - 1) {
		const char *tab = memchr(line, '\t', len);

		if (!tab)
			break;
		columns[n].at = line;
		columns[n++].len = (size_t)(tab - line);
		len -= (size_t)(tab + 1 - line);
		line = tab + 1;
	}
	columns[n].at = line;
	columns[n++].len = len;
	return n;
}

static bool column_is_zero(const struct column *column)
{
	return column->len == 1 && *column->at == '0';
}

/* false: no number that a job can have. */
static bool column_read(const struct column *column, uint64_t *number)
{
	size_t i;

	*number = 0;
	if (!column_is_number(column->at, column->len, false) ||
	    column->len > 18)
		return false;
	for (i = 0; i < column->len; i++)
		*number = *number * 10 + (uint64_t)(column->at[i] - '0');
	return *number > 0;
}

/* The columns from the third to the last but one. */
static bool columns_are_numbers(const struct column *columns)
{
	int i;

	for (i = 2; i < JOBLOG_COLUMNS - 1; i++)
		if (!column_is_any_number(columns[i].at, columns[i].len))
			return false;
	return true;
}

/*
 * Whether another record stands in a command, from its host on: of one that
 * was torn there the next goes on in the line, and its number may be part of a
 * word.  Who runs a command that looks so itself has it run again.
 */
static bool command_has_record(const char *command, size_t len)
{
	static const char host[] = "\t:\t";
	const char *end = command + len, *at = command;

	while ((at = memmem(at, (size_t)(end - at), host, sizeof(host) - 1))) {
		struct column columns[JOBLOG_COLUMNS];

		/* The host is the second. */
		at++;
		if (columns_split(at, (size_t)(end - at), columns + 1,
				  JOBLOG_COLUMNS - 1) == JOBLOG_COLUMNS - 1 &&
		    columns_are_numbers(columns))
			return true;
	}
	return false;
}

enum joblog_kind joblog_parse(const char *line, size_t len,
			      struct joblog_record *record)
{
	struct column columns[JOBLOG_COLUMNS];
	int n = columns_split(line, len, columns, JOBLOG_COLUMNS);

	if (len == sizeof(JOBLOG_HEADER_LINE) - 1 &&
	    joblog_is_header(line, len))
		return JOBLOG_HEADER;
	if (n == 1 || !column_read(&columns[0], &record->number))
		return JOBLOG_FOREIGN;
	if (n < JOBLOG_COLUMNS || columns[8].len == 0 ||
	    memchr(line, '\0', (size_t)(columns[8].at - line)))
		return JOBLOG_DAMAGED;
	/* From the tab before it: its last column may be the number of one. */
	if (!columns_are_numbers(columns) ||
	    command_has_record(columns[8].at - 1, columns[8].len + 1))
		return JOBLOG_DAMAGED;
	record->failed = !column_is_zero(&columns[6]) ||
			 !column_is_zero(&columns[7]);
	record->command = columns[8].at;
	record->command_len = columns[8].len;
	return JOBLOG_RECORD;
}
