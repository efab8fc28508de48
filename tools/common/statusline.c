/* SPDX-License-Identifier: MIT */
#include "statusline.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "clock.h"
#include "io.h"

#define STATUSLINE_MAX 512
#define FILTER_MS 20 /* a filter has most likely written by then */

/* To the end of the screen: a window that became narrower has folded it. */
#define ERASE "\r\033[J"

void statusline_init(struct statusline *line)
{
	int fd;

	*line = (struct statusline){ .last = { '\n', '\n', '\n' } };
	for (fd = STDOUT_FILENO; fd <= STDERR_FILENO; fd++) {
		struct stat file;

		line->terminal[fd] = isatty(fd) == 1;
		line->filtered[fd] =
			fstat(fd, &file) == 0 &&
			(S_ISFIFO(file.st_mode) || S_ISSOCK(file.st_mode));
	}
}

bool statusline_can(void)
{
	const char *term = getenv("TERM");

	return isatty(STDERR_FILENO) == 1 && term && *term &&
	       strcmp(term, "dumb") != 0;
}

unsigned statusline_width(void)
{
	struct winsize size;

	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) || size.ws_col == 0)
		return 80;
	return size.ws_col;
}

/* Whoever reads keys takes the terminal out of its canonical mode: a pager,
 * and a shell that has put bpool into the background. */
static bool statusline_is_ours(void)
{
	struct pollfd room = { .fd = STDERR_FILENO, .events = POLLOUT };
	pid_t front = tcgetpgrp(STDERR_FILENO);
	struct termios mode;

	/* 0: a group that this process has no number for. */
	if (front > 0 && front != getpgrp())
		return false;
	if (tcgetattr(STDERR_FILENO, &mode) || !(mode.c_lflag & ICANON))
		return false;
	return poll(&room, 1, 0) > 0 && (room.revents & POLLOUT);
}

/* Where the last byte written to `fd` is kept. */
static int statusline_place(const struct statusline *line, int fd)
{
	return line->terminal[fd] ? STDERR_FILENO : fd;
}

int statusline_draw(struct statusline *line, const char *text)
{
	char all[STATUSLINE_MAX];
	const char *begin = ERASE;
	int64_t handed_ms = line->handed_ms;

	line->handed_ms = 0;
	if (line->hidden || !statusline_is_ours() ||
	    (handed_ms && now_ms() - handed_ms < FILTER_MS))
		return 0;
	/* Below what was left without an end. */
	if (!line->shown && line->last[STDERR_FILENO] != '\n')
		begin = "\r\n";
	/* The cursor waits at its beginning, where others may write. */
	(void)snprintf(all, sizeof(all), "%s%s\r", begin, text);
	line->shown = true;
	line->last[STDERR_FILENO] = '\n';
	return write_all(STDERR_FILENO, all, strlen(all));
}

int statusline_erase(struct statusline *line)
{
	if (!line->shown)
		return 0;
	line->shown = false;
	if (!statusline_is_ours())
		return 0;
	return write_all(STDERR_FILENO, ERASE, strlen(ERASE));
}

int statusline_before(struct statusline *line, int fd, const char *data,
		      size_t len)
{
	line->last[statusline_place(line, fd)] = data[len - 1];
	if (line->filtered[fd])
		line->handed_ms = now_ms();
	if (!line->terminal[fd] && !line->filtered[fd])
		return 0;
	return statusline_erase(line);
}

bool statusline_at_start(const struct statusline *line, int fd)
{
	return line->last[statusline_place(line, fd)] == '\n';
}
