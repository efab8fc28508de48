/* SPDX-License-Identifier: MIT */
/* What tests of templates share. */
#ifndef TEMPLATE_SUPPORT_H
#define TEMPLATE_SUPPORT_H

#include "support.h"
#include "template.h"

/* dash or the like, and one that is wider. */
extern const char *const shells[2];

/* Go to an empty directory; leave it, and remove it. */
void scratch_enter(void);
void scratch_leave(void);

/* Was a file CANARY made?  It is gone then. */
bool canary_died(void);

/* Templates whose {} is one value. */
int create(const char *text, struct template **t);
int create_words(struct template **t, int argc, char *const *argv, char **why);

/* One whose {1} is a name and {2} a value, and {} the latter too. */
int create_named(const char *text, struct template **t);
int expand_named(const struct template *t, const char *name, const char *value,
		 struct command *command);

/* The command for this line, as job 1 in slot 1. */
int expand(const struct template *t, const char *line, struct command *command);

/* Whether this is one of those that are run.  A sanitizer looks at what makes a
 * command, not at the shell: with one, every seventh is enough. */
bool is_run(void);

/* Run the command with a shell and read all that it prints. */
size_t shell_run(const char *shell, const struct command *command, char *out,
		 size_t size);

#endif
