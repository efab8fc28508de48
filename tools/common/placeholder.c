/* SPDX-License-Identifier: MIT */
#include "placeholder.h"

#include <string.h>

/* No more values than this have a number. */
#define NUMBER_MAX 99999u

bool placeholder_of_value(const struct placeholder *p)
{
	return p->part != PART_JOB && p->part != PART_SLOT;
}

bool placeholder_is_several(const struct placeholder_syntax *syntax,
			    const struct placeholder *p)
{
	return syntax->several && p->number == 0 && placeholder_of_value(p);
}

const char placeholder_why_beyond[] =
	"no job has a value of that number; where the text itself is meant, as "
	"in a{2}, write a\\{2} in a shell command";

bool placeholder_is_beyond(const struct placeholder_syntax *syntax,
			   const struct placeholder *p)
{
	return syntax->most && p->number > syntax->most;
}

bool placeholder_has_beyond(const struct placeholder_syntax *syntax,
			    const char *text)
{
	struct placeholder p;

	while ((text = placeholder_find(syntax, text))) {
		text += placeholder_read(syntax, text, &p);
		if (placeholder_is_beyond(syntax, &p))
			return true;
	}
	return false;
}

bool placeholder_has_slot(const struct placeholder_syntax *syntax,
			  const char *text)
{
	struct placeholder p;

	while ((text = placeholder_find(syntax, text))) {
		text += placeholder_read(syntax, text, &p);
		if (p.part == PART_SLOT)
			return true;
	}
	return false;
}

bool placeholder_has_number(const struct placeholder_syntax *syntax,
			    const char *text)
{
	struct placeholder_syntax numbered = *syntax;
	struct placeholder p;

	numbered.numbered = true;
	while ((text = placeholder_find(&numbered, text))) {
		text += placeholder_read(&numbered, text, &p);
		if (p.number > 0)
			return true;
	}
	return false;
}

bool placeholder_same(const struct placeholder *a, const struct placeholder *b)
{
	return a->part == b->part && a->number == b->number;
}

/* "3" of "{3}"; how many digits, 0 where it is no number. */
static size_t read_number(const char *text, unsigned *number)
{
	size_t len = strspn(text, "0123456789");
	unsigned n = 0;

	if (len == 0 || len > 5 || *text == '0')
		return 0;
	for (size_t i = 0; i < len; i++)
		n = n * 10 + (unsigned)(text[i] - '0');
	*number = n;
	return n <= NUMBER_MAX ? len : 0;
}

size_t placeholder_read(const struct placeholder_syntax *syntax,
			const char *text, struct placeholder *p)
{
	/* Longer before shorter. */
	static const struct {
		const char *text;
		enum part part;
	} parts[] = {
		{ "/.}", PART_LAST_NO_EXTENSION },
		{ "//}", PART_DIRECTORY },
		{ "/}", PART_LAST },
		{ ".}", PART_NO_EXTENSION },
		{ "#}", PART_JOB },
		{ "%}", PART_SLOT },
		{ "}", PART_WHOLE },
	};
	size_t value = strlen(syntax->value), at = 1;

	*p = (struct placeholder){ .part = PART_WHOLE };
	if (strncmp(text, syntax->value, value) == 0)
		return value;
	if (*text != '{')
		return 0;
	if (syntax->numbered)
		at += read_number(text + 1, &p->number);
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		size_t len = strlen(parts[i].text);

		if (strncmp(text + at, parts[i].text, len) != 0)
			continue;
		p->part = parts[i].part;
		/* {} is the value only if nothing else is; {3#} is nothing. */
		if (p->number ? !placeholder_of_value(p)
			      : p->part == PART_WHOLE)
			return 0;
		return at + len;
	}
	return 0;
}

const char *placeholder_find(const struct placeholder_syntax *syntax,
			     const char *text)
{
	struct placeholder p;

	for (; *text; text++)
		if (placeholder_read(syntax, text, &p))
			return text;
	return NULL;
}

/* The last component of `value`, without slashes behind it. */
static const char *last_component(const char *value, size_t *len)
{
	size_t end = strlen(value), from;

	while (end > 1 && value[end - 1] == '/')
		end--;
	for (from = end; from > 0 && value[from - 1] != '/';)
		from--;
	/* "/" is its own. */
	if (from == end && from > 0)
		from--;
	*len = end - from;
	return value + from;
}

static char *directory(const char *value)
{
	size_t len;
	const char *last = last_component(value, &len);
	size_t end = (size_t)(last - value);

	if (end == 0)
		return strdup(*value == '/' ? "/" : ".");
	while (end > 1 && value[end - 1] == '/')
		end--;
	return strndup(value, end);
}

/* How much of `len` bytes is before the extension. */
static size_t without_extension(const char *text, size_t len)
{
	size_t dot = len;

	while (dot > 0 && text[dot - 1] != '.' && text[dot - 1] != '/')
		dot--;
	/* A dot with something on both sides. */
	return dot > 1 && text[dot - 1] == '.' && text[dot - 2] != '/' &&
			       dot < len
		       ? dot - 1
		       : len;
}

char *placeholder_part(enum part part, const char *value)
{
	size_t len = strlen(value);

	switch (part) {
	case PART_NO_EXTENSION:
		return strndup(value, without_extension(value, len));
	case PART_LAST:
		value = last_component(value, &len);
		return strndup(value, len);
	case PART_LAST_NO_EXTENSION:
		value = last_component(value, &len);
		return strndup(value, without_extension(value, len));
	case PART_DIRECTORY:
		return directory(value);
	default:
		return strdup(value);
	}
}
