/* SPDX-License-Identifier: MIT */
#include "units.h"

#include <errno.h>
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
	double factor;
};

/* Digits with a point among them, then one of the units: times its factor. */
static int quantity_read(const char *text, const struct unit *units, size_t n,
			 double most, double *quantity)
{
	double number = 0, place = 1;
	size_t whole = strspn(text, "0123456789"), part = 0, i;
	const char *rest = text + whole;

	if (*rest == '.')
		part = strspn(rest + 1, "0123456789");
	if (whole + part == 0)
		return -EINVAL;
	for (i = 0; i < whole; i++)
		number = number * 10 + (text[i] - '0');
	for (i = 0; i < part; i++)
		number += (rest[1 + i] - '0') * (place /= 10);
	rest += *rest == '.' ? part + 1 : 0;
	for (i = 0; i < n; i++) {
		if (strcmp(rest, units[i].name) != 0)
			continue;
		*quantity = number * units[i].factor;
		return *quantity <= most ? 0 : -EINVAL;
	}
	return -EINVAL;
}

int duration_read(const char *text, int64_t *ms)
{
	static const struct unit units[] = {
		{ "", 1e3 },  { "ms", 1 },   { "s", 1e3 },
		{ "m", 6e4 }, { "h", 36e5 }, { "d", 864e5 },
	};
	double quantity;
	int rc = quantity_read(text, units, sizeof(units) / sizeof(*units),
			       864e8, &quantity);

	if (rc)
		return rc;
	*ms = (int64_t)quantity;
	*ms += (double)*ms < quantity;
	return 0;
}

int size_read(const char *text, uint64_t *bytes)
{
	static const struct unit units[] = {
		{ "", 1 },
		{ "k", 1e3 },
		{ "m", 1e6 },
		{ "g", 1e9 },
		{ "t", 1e12 },
		{ "K", 1024.0 },
		{ "M", 1024.0 * 1024 },
		{ "G", 1024.0 * 1024 * 1024 },
		{ "T", 1024.0 * 1024 * 1024 * 1024 },
	};
	double quantity;
	int rc = quantity_read(text, units, sizeof(units) / sizeof(*units),
			       1e18, &quantity);

	if (!rc)
		*bytes = (uint64_t)quantity;
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
