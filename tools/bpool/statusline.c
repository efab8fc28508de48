/* SPDX-License-Identifier: MIT */
#include "statusline.h"

#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "io.h"

#define STATUSLINE_MAX 512
#define ERASE "\r\033[K"

void statusline_init(struct statusline *line)
{
	*line = (struct statusline){
		.terminal = { false, isatty(STDOUT_FILENO) == 1,
			      isatty(STDERR_FILENO) == 1 },
		.last = '\n',
	};
}

unsigned statusline_width(void)
{
	struct winsize size;

	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) || size.ws_col == 0)
		return 80;
	return size.ws_col;
}

int statusline_draw(struct statusline *line, const char *text)
{
	char all[STATUSLINE_MAX];
	const char *begin = ERASE;

	/* Below what was left without an end. */
	if (!line->shown && line->last != '\n')
		begin = "\r\n";
	/* The cursor waits at its beginning, where others may write. */
	(void)snprintf(all, sizeof(all), "%s%s\r", begin, text);
	line->shown = true;
	line->last = '\n';
	return write_all(STDERR_FILENO, all, strlen(all));
}

int statusline_erase(struct statusline *line)
{
	if (!line->shown)
		return 0;
	line->shown = false;
	return write_all(STDERR_FILENO, ERASE, strlen(ERASE));
}

int statusline_before(struct statusline *line, int fd, const char *data,
		      size_t len)
{
	if (!line->terminal[fd])
		return 0;
	line->last = data[len - 1];
	return statusline_erase(line);
}
