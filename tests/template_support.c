/* SPDX-License-Identifier: MIT */
#include "template_support.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>

const char *const shells[2] = { "/bin/sh", "/bin/bash" };

void scratch_enter(void)
{
	char directory[] = "/tmp/check-template-XXXXXX";

	if (!mkdtemp(directory) || chdir(directory) != 0)
		exit(EXIT_FAILURE);
}

void scratch_leave(void)
{
	if (system("rm -rf \"$PWD\"") != 0)
		exit(EXIT_FAILURE);
}

bool canary_died(void)
{
	return unlink("CANARY") == 0;
}

static int create_with(struct placeholder_syntax syntax, int argc,
		       char *const *argv, struct template **t, char **why)
{
	struct template_options options = { .argc = argc,
					    .argv = argv,
					    .shell = "/bin/sh",
					    .syntax = syntax };

	return template_create(t, &options, why);
}

int create_words(struct template **t, int argc, char *const *argv, char **why)
{
	struct placeholder_syntax syntax = { .value = "{}" };

	return create_with(syntax, argc, argv, t, why);
}

static int create_text(struct placeholder_syntax syntax, const char *text,
		       struct template **t)
{
	static char *argv[2]; /* outlives the template */
	char *why = NULL;
	int err;

	argv[0] = (char *)(uintptr_t)text;
	err = create_with(syntax, 1, argv, t, &why);
	if (err == -EINVAL)
		ck_assert_uint_gt(strlen(why), strlen(text));
	free(why);
	return err;
}

int create(const char *text, struct template **t)
{
	struct placeholder_syntax syntax = { .value = "{}" };

	return create_text(syntax, text, t);
}

int create_named(const char *text, struct template **t)
{
	struct placeholder_syntax syntax = { .value = "{}", .numbered = true };

	return create_text(syntax, text, t);
}

int expand(const struct template *t, const char *line, struct command *command)
{
	return expand_named(t, line, line, command);
}

int expand_named(const struct template *t, const char *name, const char *value,
		 struct command *command)
{
	char *values[] = { (char *)(uintptr_t)name, (char *)(uintptr_t)value };
	struct record record = { .line = value,
				 .values = values,
				 .nvalues = 2 };
	struct turn turn = { .job = 1, .slot = 1 };

	return template_expand(t, &record, turn, command);
}

bool is_run(void)
{
	static unsigned asked;

	return !(THREAD_SANITIZER || ADDRESS_SANITIZER) || asked++ % 7 == 0;
}

size_t shell_run(const char *shell, const struct command *command, char *out,
		 size_t size)
{
	char *words[64] = { (char *)(uintptr_t)shell, (char *)(uintptr_t) "-c",
			    command->shell, (char *)(uintptr_t) "bpool" };
	posix_spawn_file_actions_t actions;
	size_t len = 0;
	ssize_t n;
	int ends[2];
	pid_t pid;

	for (size_t i = 0; command->values && command->values[i]; i++) {
		ck_assert_uint_lt(i + 4, COUNT(words) - 1);
		words[i + 4] = command->values[i];
	}
	ck_assert_int_eq(pipe2(ends, O_CLOEXEC), 0);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
	posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
	ck_assert_int_eq(
		posix_spawn(&pid, shell, &actions, NULL, words, environ), 0);
	posix_spawn_file_actions_destroy(&actions);
	close(ends[1]);
	while ((n = read(ends[0], out + len, size - len)) > 0)
		len += (size_t)n;
	close(ends[0]);
	waitpid(pid, NULL, 0);
	return len;
}
