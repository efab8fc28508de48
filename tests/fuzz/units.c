/* SPDX-License-Identifier: MIT */
/*
 * Numbers as people write them: durations, sizes, rates and the like, and the
 * options that take them.  The input is the text.  A regular expression says
 * what is to be accepted, and exact decimal arithmetic what it means.
 */
#include "units.h"

#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "halt.h"
#include "options.h"
#include "retry.h"

#define TEXT_MOST 80

#define DECIMAL "([0-9]+\\.?[0-9]*|\\.[0-9]+)"
#define DURATION DECIMAL "(ms|s|m|h|d)?"

#define DAYS_MS UINT64_C(86400000000)		/* a thousand days */
#define SIZE_MOST UINT64_C(1000000000000000000) /* bytes */
#define TOO_MUCH UINT64_MAX

/* ---- What is right --------------------------------------------------------- */

struct pattern {
	const char *text;
	bool made;
	regex_t regex;
};

static bool matches(struct pattern *pattern, const char *text)
{
	if (!pattern->made)
		HOLDS(regcomp(&pattern->regex, pattern->text,
			      REG_EXTENDED | REG_NOSUB) == 0,
		      "%s", pattern->text);
	pattern->made = true;
	return regexec(&pattern->regex, text, 0, NULL, 0) == 0;
}

/* What the digits are with so many of the last behind the point; TOO_MUCH if
 * it is more than `most`. */
static uint64_t digits_value(const char *digits, size_t n, size_t behind,
			     bool up, uint64_t most)
{
	uint64_t value = 0;
	bool more = false;
	size_t i;

	for (i = 0; i < n - behind; i++) {
		if (value > most)
			return TOO_MUCH;
		value = value * 10 + (uint64_t)digits[i];
	}
	for (; i < n; i++)
		more = more || digits[i];
	if (value > most || (value == most && more))
		return TOO_MUCH;
	return value + (up && more);
}

/* The number at the beginning of `text` times `factor`, rounded. */
static uint64_t product(const char *text, uint64_t factor, bool up,
			uint64_t most)
{
	char digits[TEXT_MOST + 20] = { 0 };
	size_t n = 20, behind = 0;
	uint64_t carry = 0;
	bool point = false;

	for (; *text && strchr("0123456789.", *text); text++) {
		point = point || *text == '.';
		if (*text == '.')
			continue;
		digits[n++] = (char)(*text - '0');
		behind += point;
	}
	for (size_t i = n; i > 0; i--) {
		carry += factor * (uint64_t)digits[i - 1];
		digits[i - 1] = (char)(carry % 10);
		carry /= 10;
	}
	return digits_value(digits, n, behind, up, most);
}

static const char *unit_of(const char *text)
{
	return text + strspn(text, "0123456789.");
}

/* Milliseconds of what is written like a duration. */
static uint64_t duration_of(const char *text)
{
	static const struct {
		const char *unit;
		uint64_t ms;
	} units[] = { { "", 1000 },   { "ms", 1 },	{ "s", 1000 },
		      { "m", 60000 }, { "h", 3600000 }, { "d", 86400000 } };
	const char *unit = unit_of(text);
	size_t i = 0;

	while (strcmp(unit, units[i].unit) != 0)
		i++;
	return product(text, units[i].ms, true, DAYS_MS);
}

/* ---- Each kind ------------------------------------------------------------- */

static void counts(const char *text)
{
	static struct pattern number = { .text = "^[0-9]+$" };
	unsigned least = (unsigned)strlen(text) % 3, most = 65536, count = 77;
	uint64_t value = TOO_MUCH;
	int rc = count_read(text, least, most, &count);

	if (matches(&number, text))
		value = product(text, 1, false, most);
	HOLDS((rc == 0) == (value >= least && value != TOO_MUCH), "<%s>", text);
	HOLDS(count == (rc ? 77 : value), "<%s> is %u", text, count);
}

static void durations(const char *text)
{
	static struct pattern duration = { .text = "^" DURATION "$" };
	uint64_t value = TOO_MUCH;
	int64_t ms = -77;
	int rc = duration_read(text, &ms);

	if (matches(&duration, text))
		value = duration_of(text);
	HOLDS((rc == 0) == (value != TOO_MUCH), "<%s>", text);
	HOLDS(ms == (rc ? -77 : (int64_t)value), "<%s> is %lld ms, not %lld",
	      text, (long long)ms, (long long)value);
}

static void sizes(const char *text)
{
	static struct pattern size = { .text = "^" DECIMAL "[kmgtKMGT]?$" };
	static const char letters[] = "kmgtKMGT";
	uint64_t value = TOO_MUCH, bytes = 77, factor = 1;
	int rc = size_read(text, &bytes);

	if (matches(&size, text)) {
		const char *unit = unit_of(text);
		size_t place = (size_t)(strchr(letters, *unit) - letters);

		for (size_t i = 0; *unit && i <= place % 4; i++)
			factor *= place < 4 ? 1000 : 1024;
		value = product(text, factor, false, SIZE_MOST);
	}
	HOLDS((rc == 0) == (value != TOO_MUCH), "<%s>", text);
	HOLDS(bytes == (rc ? 77 : value), "<%s> is %llu bytes, not %llu", text,
	      (unsigned long long)bytes, (unsigned long long)value);
}

static void rates(const char *text)
{
	static struct pattern form = { .text = "^[0-9]{1,11}/(" DECIMAL
					       ")?(ms|s|m|h|d)(:[0-9]+)?$" };
	struct bpool_rate rate = { .starts = 77 };
	const char *slash = strchr(text, '/'), *colon;
	uint64_t starts, burst = 1, ms = 0;
	char period[TEXT_MOST + 2] = "1";
	bool good = matches(&form, text);
	int rc = rate_read(text, &rate);

	if (good) {
		bool digit = !strchr("msdh", slash[1]);
		size_t len = strcspn(slash + 1, ":");

		memcpy(period + !digit, slash + 1, len);
		period[len + !digit] = '\0';
		colon = strchr(slash, ':');
		starts = product(text, 1, false, 1000000);
		ms = duration_of(period);
		if (colon)
			burst = product(colon + 1, 1, false, starts);
		good = starts && ms && burst && starts != TOO_MUCH &&
		       ms != TOO_MUCH && burst != TOO_MUCH;
		/* A period of 40 letters is refused as well. */
		if (len >= 38 && rc)
			return;
		HOLDS((rc == 0) == good, "<%s>", text);
		HOLDS(rc || (rate.starts == starts && rate.burst == burst &&
			     rate.period_ns == ms * 1000000),
		      "<%s>", text);
	}
	HOLDS(rc == 0 || rate.starts == 77, "<%s>", text);
	HOLDS((rc == 0) == good, "<%s>", text);
}

static void halts(const char *text)
{
	static struct pattern form = { .text = "^(now|soon),(fail|success|done)="
					       "[0-9]{1,15}%?$" };
	bool never = strcmp(text, "never") == 0, good = matches(&form, text);
	const char *equals = strchr(text, '=');
	struct halt halt;
	uint64_t limit = 0;
	int rc = halt_read(text, &halt);

	if (good) {
		bool share = strchr(text, '%') != NULL;

		limit = product(equals + 1, 1, false,
				share ? 100 : UINT64_C(999999999999999));
		good = limit && limit != TOO_MUCH;
		HOLDS(rc || halt.percent == share, "<%s>", text);
	}
	HOLDS((rc == 0) == (good || never), "<%s>", text);
	if (rc || never)
		return;
	HOLDS(halt.limit == limit && halt.now == (text[0] == 'n'), "<%s>",
	      text);
	HOLDS(halt.why == (equals[-1] == 'l'   ? HALT_FAIL
			   : equals[-1] == 's' ? HALT_SUCCESS
					       : HALT_DONE),
	      "<%s>", text);
}

static void retries_on(const char *text)
{
	static struct pattern form = {
		.text = "^(signal|timeout|[0-9]{1,11})(,(signal|timeout|[0-9]{1,11}))*$"
	};
	struct retry retry, wanted;
	bool good = matches(&form, text);
	int rc;

	retry_init(&retry);
	wanted = retry;
	wanted.only = true;
	for (const char *at = text; good && at; at = strchr(at, ',')) {
		uint64_t status;

		at += *at == ',';
		status = product(at, 1, false, 255);
		if (*at == 's')
			wanted.on_signal = true;
		else if (*at == 't')
			wanted.on_timeout = true;
		else if (status == 0 || status == TOO_MUCH)
			good = false;
		else
			wanted.on_status[status / 32] |= 1u << status % 32;
	}
	rc = retry_on_read(text, &retry);
	HOLDS((rc == 0) == good, "<%s>", text);
	for (int status = 1; !rc && status < 256; status++)
		HOLDS(retry_covers(&retry, status, false, false) ==
			      (wanted.on_status[status / 32] >> status % 32 &
			       1u),
		      "<%s>: %d", text, status);
	HOLDS(rc || (retry.on_signal == wanted.on_signal &&
		     retry.on_timeout == wanted.on_timeout),
	      "<%s>", text);
}

static void backoffs(const char *text)
{
	static struct pattern form = { .text = "^" DURATION "(\\.\\." DURATION
					       ")?$" };
	static struct pattern simple = { .text = "^" DURATION "$" };
	const char *dots = strstr(text, "..");
	char base[TEXT_MOST + 1];
	uint64_t base_ms, cap_ms;
	struct retry retry;
	bool good = matches(&form, text);
	int rc;

	retry_init(&retry);
	cap_ms = (uint64_t)retry.cap_ms;
	rc = backoff_read(text, &retry);
	HOLDS(rc || good, "<%s>", text);
	/* "1...5" may be meant in two ways; long ones are refused as well. */
	if (!good || (dots && dots[2] == '.') || strlen(text) >= 40)
		return;
	strcpy(base, text);
	if (dots)
		base[dots - text] = '\0';
	if (!matches(&simple, base))
		return;
	base_ms = duration_of(base);
	if (dots)
		cap_ms = duration_of(dots + 2);
	else if (cap_ms < base_ms)
		cap_ms = base_ms;
	good = base_ms && base_ms != TOO_MUCH && cap_ms != TOO_MUCH &&
	       base_ms <= cap_ms;
	HOLDS((rc == 0) == good, "<%s>", text);
	HOLDS(rc || ((uint64_t)retry.base_ms == base_ms &&
		     (uint64_t)retry.cap_ms == cap_ms),
	      "<%s>", text);
}

static void budgets(const char *text)
{
	static struct pattern form = {
		.text = "^([0-9]{1,11}|[0-9]{1,11}%|[0-9]{1,11}\\+[0-9]{1,11}%)$"
	};
	const char *plus = strchr(text, '+');
	bool share = strchr(text, '%') != NULL;
	uint64_t least = 0, per_cent = 0;
	bool none = strcmp(text, "none") == 0, good = matches(&form, text);
	struct retry retry;
	int rc;

	retry_init(&retry);
	rc = retry_budget_read(text, &retry);
	if (good && (plus || !share))
		least = product(text, 1, false, 1000000);
	if (good && share)
		per_cent = product(plus ? plus + 1 : text, 1, false, 1000000);
	good = good && least != TOO_MUCH && per_cent != TOO_MUCH;
	/* A number alone may be as long as it likes. */
	if (strlen(text) > 11 && !share)
		return;
	HOLDS((rc == 0) == (good || none), "<%s>", text);
	HOLDS(rc || none ||
		      (retry.least == least && retry.per_cent == per_cent),
	      "<%s>", text);
}

/* ---- Options --------------------------------------------------------------- */

/* What options_parse() says of one option. */
static int parse(const char *option, const char *text, struct options *options)
{
	char word[TEXT_MOST + 40], *argv[] = { word, word, NULL };

	(void)snprintf(word, sizeof(word), "%s%s", option, text);
	return options_parse(options, 2, argv);
}

static void loads(const char *text)
{
	static struct pattern form = { .text = "^" DECIMAL "$" };
	double load = strtod(text, NULL);
	struct options options;
	int rc = parse("--load=", text, &options);

	HOLDS((rc == 0) == (matches(&form, text) && load > 0 && load < 1e6),
	      "<%s>", text);
	HOLDS(rc || (options.load >= load && options.load <= load), "<%s>",
	      text);
	options_fini(&options);
}

static void timeouts(const char *text)
{
	static struct pattern percent = { .text = "^[1-9][0-9]{2,5}%$" };
	static struct pattern duration = { .text = "^" DURATION "$" };
	struct options options;
	uint64_t ms = 0, share = 0;
	int rc = parse("--timeout=", text, &options);

	if (matches(&percent, text))
		share = product(text, 1, false, TOO_MUCH / 20);
	else if (matches(&duration, text))
		ms = duration_of(text);
	if (ms == TOO_MUCH)
		ms = 0;
	HOLDS((rc == 0) == (ms || share), "<%s>", text);
	HOLDS(rc || (options.timeout_percent == share &&
		     (uint64_t)options.timeout_ms == ms),
	      "<%s>", text);
	options_fini(&options);
}

static void jobs(const char *text)
{
	static struct pattern form = { .text = "^(auto:)?[0-9]+$" };
	bool by_itself = strncmp(text, "auto", 4) == 0;
	uint64_t n = TOO_MUCH;
	struct options options;
	int rc = parse("--jobs=", text, &options);

	if (strcmp(text, "auto") == 0)
		n = 64;
	else if (matches(&form, text))
		n = product(text + (by_itself ? 5 : 0), 1, false,
			    BPOOL_WORKERS_MAX);
	HOLDS((rc == 0) == (n && n != TOO_MUCH), "<%s>", text);
	HOLDS(rc || (options.jobs == n && options.jobs_auto == by_itself),
	      "<%s>", text);
	options_fini(&options);
}

static void delimiters(const char *text)
{
	static struct pattern letter = { .text = "^\\\\[abfnrtv0\\]$" },
			      hex = { .text = "^\\\\x[0-9a-fA-F]{1,2}$" };
	static const char letters[] = "abfnrtv0\\",
			  bytes[] = "\a\b\f\n\r\t\v\0\\";
	struct options options;
	int byte = -1, rc = parse("--delimiter=", text, &options);

	if (strlen(text) == 1)
		byte = text[0];
	else if (matches(&letter, text))
		byte = bytes[strchr(letters, text[1]) - letters];
	else if (matches(&hex, text))
		byte = (char)strtol(text + 2, NULL, 16);
	HOLDS((rc == 0) == (strlen(text) == 1 || matches(&letter, text) ||
			    matches(&hex, text)),
	      "<%s>", text);
	HOLDS(rc || options.delimiter == byte, "<%s>", text);
	options_fini(&options);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size < TEXT_MOST ? size : TEXT_MOST };
	char *text = input_text(&in);

	counts(text);
	durations(text);
	sizes(text);
	rates(text);
	halts(text);
	retries_on(text);
	backoffs(text);
	budgets(text);
	loads(text);
	timeouts(text);
	jobs(text);
	delimiters(text);
	free(text);
	return 0;
}
