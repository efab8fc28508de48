/* SPDX-License-Identifier: MIT */
#include "units.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#define RATE_MOST 1000000u

int count_read(const char *text, unsigned least, unsigned most, unsigned *count)
{
	unsigned long n = 0;
	const char *s;

	for (s = text; *s >= '0' && *s <= '9' && n <= most; s++)
		n = n * 10 + (unsigned long)(*s - '0');
	if (s == text || *s || n < least || n > most)
		return -EINVAL;
	*count = (unsigned)n;
	return 0;
}

struct unit {
	const char *name;
	uint64_t factor;
};

/* The factor of that unit; 0: there is none. */
static uint64_t unit_factor(const struct unit *units, size_t n,
			    const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(name, units[i].name) == 0)
			return units[i].factor;
	return 0;
}

/*
 * Digits with a point among them, then one of the units: times its factor, in
 * integers, as 0.3 is no number of floating point.  *rest: so much and a part
 * of one.
 */
static int quantity_read(const char *text, const struct unit *units, size_t n,
			 uint64_t most, uint64_t *quantity, bool *rest)
{
	size_t whole = strspn(text, "0123456789"), part = 0, i;
	const char *point = text + whole, *unit = point;
	uint64_t number = 0, below = 0, factor;

	if (*point == '.') {
		part = strspn(point + 1, "0123456789");
		unit += part + 1;
	}
	factor = unit_factor(units, n, unit);
	if (whole + part == 0 || !factor)
		return -EINVAL;
	for (i = 0; i < whole; i++) {
		number = number * 10 + (uint64_t)(text[i] - '0');
		if (number > most / factor)
			return -EINVAL;
	}
	*rest = false;
	for (i = part; i > 0; i--) {
		below += (uint64_t)(point[i] - '0') * factor;
		*rest = *rest || below % 10;
		below /= 10;
	}
	*quantity = number * factor + below;
	return *quantity + *rest <= most ? 0 : -EINVAL;
}

int duration_read(const char *text, int64_t *ms)
{
	static const struct unit units[] = {
		{ "", 1000 },	{ "ms", 1 },	  { "s", 1000 },
		{ "m", 60000 }, { "h", 3600000 }, { "d", 86400000 },
	};
	uint64_t quantity;
	bool rest;
	int rc = quantity_read(text, units, sizeof(units) / sizeof(*units),
			       UINT64_C(86400000000), &quantity, &rest);

	if (!rc)
		*ms = (int64_t)quantity + rest;
	return rc;
}

int size_read(const char *text, uint64_t *bytes)
{
	static const struct unit units[] = {
		{ "", 1 },
		{ "k", 1000 },
		{ "m", 1000000 },
		{ "g", 1000000000 },
		{ "t", 1000000000000 },
		{ "K", UINT64_C(1) << 10 },
		{ "M", UINT64_C(1) << 20 },
		{ "G", UINT64_C(1) << 30 },
		{ "T", UINT64_C(1) << 40 },
	};
	uint64_t quantity;
	bool rest;
	int rc = quantity_read(text, units, sizeof(units) / sizeof(*units),
			       UINT64_C(1000000000000000000), &quantity, &rest);

	if (!rc)
		*bytes = quantity;
	return rc;
}

/* "s" is "1s"; but a number needs its unit. */
static int period_read(const char *text, int64_t *ms)
{
	char whole[40];
	size_t len = strlen(text);

	if (len == 0 || len > sizeof(whole) - 2 || text[len - 1] < 'a')
		return -EINVAL;
	whole[0] = '1';
	memcpy(whole + 1, text, len + 1);
	return duration_read(text[0] < 'a' ? text : whole, ms);
}

int rate_read(const char *text, struct bpool_rate *rate)
{
	const char *slash = strchr(text, '/');
	const char *colon = slash ? strchr(slash, ':') : NULL;
	char starts[12], period[40];
	size_t len = slash ? (size_t)(slash - text) : sizeof(starts);
	size_t end = slash ? strcspn(slash + 1, ":") : sizeof(period);
	unsigned n, burst = 1;
	int64_t ms;

	if (len >= sizeof(starts) || end >= sizeof(period))
		return -EINVAL;
	memcpy(starts, text, len);
	starts[len] = '\0';
	memcpy(period, slash + 1, end);
	period[end] = '\0';
	if (count_read(starts, 1, RATE_MOST, &n) || period_read(period, &ms) ||
	    ms == 0 || (colon && count_read(colon + 1, 1, n, &burst)))
		return -EINVAL;
	*rate = (struct bpool_rate){ .starts = n,
				     .period_ns = (uint64_t)ms * 1000000,
				     .burst = burst };
	return 0;
}
