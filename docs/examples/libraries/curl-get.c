/* SPDX-License-Identifier: MIT */
/*
 * Fetch the URLs on the command line with libcurl, five at a time and no more than two
 * of a host, and try again what a service refuses for now: each worker has a handle of
 * its own, made as it starts, so that connections are used again.
 */
#include <boundpool.h>
#include <curl/curl.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORKERS 5

/* Handles by worker: a job finds that of the worker it runs on. */
static CURL *handles[WORKERS];

struct page {
	const char *url;
	char host[BPOOL_KEY_MAX + 1];
	struct bpool_future future;
	size_t nbytes;
	long status;
};

static int worker_start(void *user, unsigned worker)
{
	(void)user;
	handles[worker] = curl_easy_init();
	return handles[worker] ? 0 : -ENOMEM;
}

static void worker_stop(void *user, unsigned worker)
{
	(void)user;
	curl_easy_cleanup(handles[worker]);
}

static size_t page_count(char *data, size_t size, size_t n, void *page)
{
	(void)data;
	((struct page *)page)->nbytes += size * n;
	return size * n;
}

static int page_fetch(void *arg)
{
	struct page *page = arg;
	CURL *curl = handles[bpool_worker()];
	curl_off_t after = 0;

	page->nbytes = 0;
	page->status = 0;
	curl_easy_reset(curl);
	curl_easy_setopt(curl, CURLOPT_URL, page->url);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L); /* there are threads */
	curl_easy_setopt(curl, CURLOPT_TIMEOUT, 30L);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, page_count);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, page);
	if (curl_easy_perform(curl) != CURLE_OK)
		return -EIO;
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &page->status);
	if (page->status == 429 || page->status == 503) {
		/* Nobody asks this host again before it wants to be asked. */
		curl_easy_getinfo(curl, CURLINFO_RETRY_AFTER, &after);
		bpool_job_retry_after((uint64_t)after * 1000000000);
	}
	if (page->status == 200)
		return 0;
	/* The request itself is wrong, but for 408, which came too late. */
	if (page->status / 100 == 4 && page->status != 408)
		return -EINVAL;
	return -EPROTO;
}

/* What is wrong stays so.  (What was refused is known before this is asked.) */
static enum bpool_outcome page_outcome(int result)
{
	if (result == -EINVAL)
		return BPOOL_PERMANENT;
	return result < 0 ? BPOOL_FAILED : BPOOL_OK;
}

/* The key of the limit. */
static void page_set_host(struct page *page)
{
	const char *begin = strstr(page->url, "://");
	size_t len;

	begin = begin ? begin + 3 : page->url;
	len = strcspn(begin, "/?#");
	if (len > BPOOL_KEY_MAX)
		len = BPOOL_KEY_MAX;
	memcpy(page->host, begin, len);
	page->host[len] = '\0';
}

static int page_submit(struct bpool *pool, struct bpool_limit *limit,
		       struct page *page)
{
	static const struct bpool_retry retry = { .attempts = 3,
						  .outcome = page_outcome };
	const struct bpool_job job = { .limit = limit,
				       .key = page->host,
				       .retry = &retry,
				       .future = &page->future };

	page_set_host(page);
	return bpool_submit_with(pool, page_fetch, page, &job);
}

int main(int argc, char **argv)
{
	const struct bpool_options options = { .size = sizeof(options),
					       .workers = WORKERS,
					       .on_worker_start = worker_start,
					       .on_worker_stop = worker_stop };
	const struct bpool_limit_options two = { .size = sizeof(two),
						 .max_running = 2 };
	struct page *pages = calloc((size_t)argc, sizeof(*pages));
	struct bpool_limit *limit;
	struct bpool *pool;
	int i, result, failed = 0;

	if (!pages || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK ||
	    bpool_create(&pool, &options) < 0)
		return 1;
	if (bpool_limit_create(&limit, pool, &two) < 0)
		return 1;
	for (i = 1; i < argc; i++) {
		pages[i].url = argv[i];
		if (page_submit(pool, limit, &pages[i]) < 0)
			return 1;
	}
	for (i = 1; i < argc; i++) {
		bpool_await(&pages[i].future, &result, NULL);
		failed += result < 0;
		printf("%ld %zu %s\n", pages[i].status, pages[i].nbytes,
		       pages[i].url);
	}
	bpool_destroy(pool);
	curl_global_cleanup();
	free(pages);
	return failed ? 1 : 0;
}
