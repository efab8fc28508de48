/* SPDX-License-Identifier: MIT */
/* What is executed without a shell: several words, plain templates, lines. */
#include "plain.h"
#include "template_support.h"

START_TEST(words_of_a_direct_command_hold_the_value_unchanged)
{
	char *argv[] = { (char *)(uintptr_t) "git", (char *)(uintptr_t) "-C",
			 (char *)(uintptr_t) "{}",
			 (char *)(uintptr_t) "--x={}{}", NULL };
	struct template *t;
	struct command command;
	char *why;

	ck_assert_int_eq(create_words(&t, 4, argv, &why), 0);
	ck_assert_int_eq(expand(t, "a 'b' {}", &command), 0);
	ck_assert_ptr_null(command.shell);
	ck_assert_str_eq(command.argv[2], "a 'b' {}");
	ck_assert_str_eq(command.argv[3], "--x=a 'b' {}a 'b' {}");
	ck_assert_ptr_null(command.argv[4]);
	command_fini(&command);
	template_destroy(t);
	/* No {}: it is put behind; an empty line is an empty word. */
	argv[2] = NULL;
	ck_assert_int_eq(create_words(&t, 2, argv, &why), 0);
	ck_assert_int_eq(expand(t, "", &command), 0);
	ck_assert_str_eq(command.argv[2], "");
	ck_assert_ptr_null(command.argv[3]);
	command_fini(&command);
	template_destroy(t);
}
END_TEST

START_TEST(a_direct_command_that_would_run_its_value_is_refused)
{
	static const char *const words[][6] = {
		{ "sh", "-c", "echo {}" },
		{ "bash", "-xc", "{}" },
		{ "sh", "-c" },
		{ "env", "sh", "-c", "{}" },
		{ "find", ".", "-exec", "sh", "-c", "{}" },
		{ "perl", "-e", "{}" },
		{ "/bin/dash", "-c", "x {}" },
		{ "bash", "--norc", "-c", "{}" },
		{ "nice", "sh", "-c" },
		{ "sg", "root", "{}" },
		{ "eval", "{}" },
		{ "trap", "{}", "EXIT" },
		{ "command", "eval", "{}" },
		{ "read", "-r", "{}" },
		{ "exec", "-a", "x", "sh", "-c", "{}" },
	};

	for (size_t i = 0; i < COUNT(words); i++) {
		struct template *t;
		char *argv[7] = { 0 }, *why;
		int argc = 0;

		while (argc < 6 && words[i][argc]) {
			argv[argc] = (char *)(uintptr_t)words[i][argc];
			argc++;
		}
		ck_assert_msg(create_words(&t, argc, argv, &why) == -EINVAL,
			      "accepted: case %zu", i);
		free(why);
	}
}
END_TEST

START_TEST(a_program_with_the_name_of_a_builtin_is_no_builtin)
{
	static const char *const programs[][3] = { { "printf", "{}" },
						   { "test", "-v", "{}" },
						   { "{}", "{}" } };

	for (size_t i = 0; i < COUNT(programs); i++) {
		struct template *t;
		char *argv[4] = { 0 }, *why;
		int argc = 0;

		for (; argc < 3 && programs[i][argc]; argc++)
			argv[argc] = (char *)(uintptr_t)programs[i][argc];
		ck_assert_int_eq(create_words(&t, argc, argv, &why), 0);
		template_destroy(t);
	}
}
END_TEST

START_TEST(a_template_of_plain_words_needs_no_shell)
{
	struct template *t;
	struct command command;

	ck_assert_int_eq(create("gzip -k --name={} {}", &t), 0);
	ck_assert_int_eq(expand(t, "$(x) *", &command), 0);
	ck_assert_ptr_nonnull(command.shell);
	ck_assert_str_eq(command.argv[1], "-k");
	ck_assert_str_eq(command.argv[2], "--name=$(x) *");
	ck_assert_str_eq(command.argv[3], "$(x) *");
	ck_assert_ptr_null(command.argv[4]);
	command_fini(&command);
	template_destroy(t);
	ck_assert_int_eq(create("gzip", &t), 0);
	ck_assert_int_eq(expand(t, "a b", &command), 0);
	ck_assert_str_eq(command.argv[1], "a b");
	command_fini(&command);
	template_destroy(t);
	for (int i = 0; i < 3; i++) {
		static const char *const shell_only[] = { "{} x", "echo {}",
							  "gzip \"{}\"" };

		ck_assert_int_eq(create(shell_only[i], &t), 0);
		ck_assert_int_eq(expand(t, "a", &command), 0);
		ck_assert_ptr_null(command.argv);
		command_fini(&command);
		template_destroy(t);
	}
}
END_TEST

START_TEST(lines_are_commands_and_blank_or_comment_lines_run_nothing)
{
	static const char *const nothing[] = { "", " ", "\t", "# x", "  #x" };
	struct template *t;
	struct command command;
	char *why;

	ck_assert_int_eq(create_words(&t, 0, NULL, &why), 0);
	for (size_t i = 0; i < COUNT(nothing); i++)
		ck_assert(!template_runs(t, nothing[i]));
	ck_assert(template_runs(t, "# x\necho y"));
	ck_assert(template_runs(t, "echo x"));
	ck_assert_int_eq(expand(t, "echo '{}' $x", &command), 0);
	ck_assert_str_eq(command.shell, "echo '{}' $x");
	ck_assert_ptr_null(command.argv);
	command_fini(&command);
	ck_assert_int_eq(expand(t, "ls  -l /tmp", &command), 0);
	ck_assert_str_eq(command.shell, "ls  -l /tmp");
	ck_assert_str_eq(command.argv[0], "ls");
	ck_assert_str_eq(command.argv[2], "/tmp");
	ck_assert_ptr_null(command.argv[3]);
	command_fini(&command);
	template_destroy(t);
}
END_TEST

START_TEST(only_a_plain_line_goes_without_a_shell)
{
	static const char *const plain[] = {
		"ls",	       "git -C /x fetch --all",
		"true",	       " curl -fsS http://a/b ",
		"/bin/echo x", "cc -DX=1 -c a.c",
		"\xc3\xa4 x",  "a,b:c@d%e+f"
	};
	static const char *const needs_shell[] = {
		"echo x",  "cd /",     "x=1 ls", "a=b",	     "ls *",
		"ls ~",	   "ls $x",    "ls 'a'", "ls \"a\"", "a;b",
		"a|b",	   "a&",       "a>b",	 "a<b",	     "(a)",
		"a#b",	   "{ a",      "a\\b",	 "a?",	     "[ a",
		"a[b]",	   "!",	       "true x", "if",	     "eval x",
		"exit",	   "a`b`",     "kill 1", "printf x", "a{b,c}",
		"time ls", "export x", ". x",	 "a\nb",     "a\rb",
		"a^b",	   "",	       "  "
	};
	static const char *const variables[] = { "BASH_FUNC_ls%%", "BASH_ENV",
						 "SHELLOPTS", "BASHOPTS" };
	char **argv;

	for (size_t i = 0; i < COUNT(plain); i++) {
		ck_assert_msg(plain_words(plain[i], &argv) == 1, "%s",
			      plain[i]);
		free(argv);
	}
	for (size_t i = 0; i < COUNT(needs_shell); i++)
		ck_assert_msg(plain_words(needs_shell[i], &argv) == 0, "%s",
			      needs_shell[i]);
	ck_assert(plain_allowed("/bin/sh"));
	ck_assert(!plain_allowed("/bin/zsh"));
	for (size_t i = 0; i < COUNT(variables); i++) {
		setenv(variables[i], "() { echo no; }", 1);
		ck_assert(!plain_allowed("/bin/sh"));
		unsetenv(variables[i]);
	}
	ck_assert(plain_allowed("/bin/sh"));
}
END_TEST

int main(void)
{
	return TESTS_RUN(
		"direct", words_of_a_direct_command_hold_the_value_unchanged,
		a_direct_command_that_would_run_its_value_is_refused,
		a_program_with_the_name_of_a_builtin_is_no_builtin,
		a_template_of_plain_words_needs_no_shell,
		lines_are_commands_and_blank_or_comment_lines_run_nothing,
		only_a_plain_line_goes_without_a_shell);
}
