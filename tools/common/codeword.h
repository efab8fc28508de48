/* SPDX-License-Identifier: MIT */
/*
 * The words of one simple command: which of them does the command itself
 * take as code?  Knows the builtins of the shells, and the programs that run
 * a word they are given.
 */
#ifndef CODEWORD_H
#define CODEWORD_H

#include <stdbool.h>
#include <stddef.h>

/*
 * `words` are without quotes, with the marks of scan.h in them.  In a
 * shell's text (`shell`) the first may be assignments.  Builtins count among
 * words to execute too, unless they are programs as well: nothing else has
 * their names, and what is shown of a command is for a shell.
 *
 * 0: no value is run as code.  -EINVAL: one is, or that cannot be known; *why
 * says so and what to write, malloc'd.  -ENOMEM.
 */
int codeword_check(char *const *words, size_t n, bool shell, char **why);

/* Is this a NAME=..., NAME+=... or NAME[...]=...? */
bool codeword_is_assignment(const char *word);

/* Would the shell run or evaluate what is assigned to this variable? */
bool codeword_is_code_variable(const char *name, size_t len);

#endif
