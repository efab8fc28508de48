/* SPDX-License-Identifier: MIT */
#include "mark.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"

#define MARK_READ_FIRST 8192u

/* Now, in the unit of the 22nd field of /proc/PID/stat. */
static uint64_t ticks_now(void)
{
	long hz = sysconf(_SC_CLK_TCK);

	return (uint64_t)clock_us(CLOCK_BOOTTIME) *
	       (uint64_t)(hz > 0 ? hz : 100) / 1000000;
}

static bool has_children(void)
{
	siginfo_t info;

	return waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0;
}

void mark_init(struct mark *mark)
{
	mark->since = has_children() ? ticks_now() : 0;
	mark_boot(mark->boot);
	(void)snprintf(mark->run, sizeof(mark->run), "%ld-%llx", (long)getpid(),
		       (unsigned long long)wall_us());
}

void mark_boot(char boot[MARK_BOOT])
{
	int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
	ssize_t len = fd < 0 ? -1 : read(fd, boot, MARK_BOOT - 1);

	if (fd >= 0)
		close(fd);
	boot[len > 0 ? len : 0] = '\0';
	boot[strspn(boot, "0123456789abcdef-")] = '\0';
	if (!*boot)
		strcpy(boot, "-");
}

/* All of a file of /proc, with a NUL behind it; NULL and errno. */
static char *mark_slurp(int fd, size_t *len)
{
	size_t size = MARK_READ_FIRST;
	char *text = malloc(size), *bigger;
	ssize_t n = 1;

	for (*len = 0; text && n; *len += (size_t)n) {
		if (*len + 1 == size) {
			bigger = realloc(text, size *= 2);
			if (!bigger)
				free(text);
			text = bigger;
		}
		n = text ? read(fd, text + *len, size - 1 - *len) : 0;
		if (n < 0) {
			free(text);
			return NULL;
		}
	}
	if (text)
		text[*len] = '\0';
	return text;
}

/* The value of the variable in an environment, or NULL. */
static const char *mark_value(const char *text, size_t len)
{
	static const char name[] = MARK_VARIABLE "=";
	const char *entry;

	for (entry = text; entry < text + len; entry += strlen(entry) + 1)
		if (strncmp(entry, name, sizeof(name) - 1) == 0)
			return entry + sizeof(name) - 1;
	return NULL;
}

/* The number behind the run's name in "A.1/B.2/C.3": 1 or 0. */
static int mark_find(const char *value, const char *run, uint64_t *job)
{
	size_t len = strlen(run);

	while (value) {
		if (strncmp(value, run, len) == 0 && value[len] == '.') {
			*job = strtoull(value + len + 1, NULL, 10);
			return 1;
		}
		value = strchr(value, '/');
		if (value)
			value++;
	}
	return 0;
}

int mark_read(int proc, pid_t pid, const char *run, uint64_t *job)
{
	char path[32], *text;
	size_t len;
	int fd, found, error;

	(void)snprintf(path, sizeof(path), "%ld/environ", (long)pid);
	fd = openat(proc, path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	text = mark_slurp(fd, &len);
	error = errno;
	close(fd);
	if (!text)
		return -error;
	found = mark_find(mark_value(text, len), run, job);
	free(text);
	return found;
}
