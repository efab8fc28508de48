/* SPDX-License-Identifier: MIT */
#include "retry.h"

#include <errno.h>
#include <string.h>

#include "units.h"

#define BASE_MS 100
#define CAP_MS 30000
#define LEAST 10u
#define PER_CENT 20u
#define BUDGET_MAX 1000000u

void retry_init(struct retry *retry)
{
	*retry = (struct retry){ .base_ms = BASE_MS,
				 .cap_ms = CAP_MS,
				 .least = LEAST,
				 .per_cent = PER_CENT };
}

/* Copy the `len` bytes of a word that fit into `word`; false: too long. */
static bool word_copy(char *word, size_t size, const char *text, size_t len)
{
	if (len >= size)
		return false;
	memcpy(word, text, len);
	word[len] = '\0';
	return true;
}

int retry_on_read(const char *text, struct retry *retry)
{
	size_t len;

	retry->only = true;
	for (;; text += len + 1) {
		char word[12];
		unsigned status;

		len = strcspn(text, ",");
		if (!word_copy(word, sizeof(word), text, len))
			return -EINVAL;
		if (strcmp(word, "signal") == 0)
			retry->on_signal = true;
		else if (strcmp(word, "timeout") == 0)
			retry->on_timeout = true;
		else if (count_read(word, 1, 255, &status) == 0)
			retry->on_status[status / 32] |= 1u << status % 32;
		else
			return -EINVAL;
		if (!text[len])
			return 0;
	}
}

int backoff_read(const char *text, struct retry *retry)
{
	const char *dots = strstr(text, "..");
	char base[40];
	size_t len = dots ? (size_t)(dots - text) : strlen(text);

	retry->backed_off = true;
	if (!word_copy(base, sizeof(base), text, len) ||
	    duration_read(base, &retry->base_ms))
		return -EINVAL;
	if (dots && duration_read(dots + 2, &retry->cap_ms))
		return -EINVAL;
	if (!dots && retry->cap_ms < retry->base_ms)
		retry->cap_ms = retry->base_ms;
	return retry->base_ms > 0 && retry->base_ms <= retry->cap_ms ? 0
								     : -EINVAL;
}

int retry_budget_read(const char *text, struct retry *retry)
{
	const char *plus = strchr(text, '+');
	const char *share = plus ? plus + 1 : text;
	char word[12];
	size_t len = strlen(share);

	retry->budgeted = true;
	retry->unbounded = strcmp(text, "none") == 0;
	if (retry->unbounded)
		return 0;
	retry->least = retry->per_cent = 0;
	if (len > 0 && share[len - 1] == '%') {
		if (!word_copy(word, sizeof(word), share, len - 1) ||
		    count_read(word, 0, BUDGET_MAX, &retry->per_cent))
			return -EINVAL;
		if (!plus)
			return 0;
		if (!word_copy(word, sizeof(word), text, (size_t)(plus - text)))
			return -EINVAL;
		text = word;
	}
	return count_read(text, 0, BUDGET_MAX, &retry->least);
}

bool retry_covers(const struct retry *retry, int status, bool by_signal,
		  bool timed_out)
{
	unsigned n = (unsigned)status;

	if (!retry->only)
		return true;
	if (timed_out)
		return retry->on_timeout;
	if (by_signal)
		return retry->on_signal;
	return n < 256 && (retry->on_status[n / 32] >> n % 32 & 1u);
}
