// SPDX-License-Identifier: MIT
//
// boundpool for C++ (11 and later): a pool that closes itself, jobs that are any
// callable, std::future for what they return or throw.  All of it stands on
// boundpool.h, whose text says what each call does; nothing of it has to be linked.
//
//	boundpool::pool pool(5);
//	std::future<std::string> page = pool.submit(fetch, url);
//	auto sizes = pool.map(urls, [](const std::string &u) { return size_of(u); });
//
// A negative errno becomes a std::system_error with that errno and the
// std::generic_category(): broken_pipe where the pool is closed,
// resource_deadlock_would_occur where a job could only wait for itself.
//
// In a job of the same pool use map(), which runs there what finds no worker;
// std::future::get() there sleeps on a worker, and where all do it nobody is left.
#ifndef BOUNDPOOL_HPP
#define BOUNDPOOL_HPP

#include <boundpool.h>

#include <cerrno>
#include <chrono>
#include <cstddef>
#include <exception>
#include <functional>
#include <future>
#include <iterator>
#include <memory>
#include <string>
#include <system_error>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#ifdef __GLIBCXX__
#include <cxxabi.h>
#endif

namespace boundpool
{

namespace detail
{

inline void check(int err, const char *what)
{
	if (err < 0)
		throw std::system_error(-err, std::generic_category(), what);
}

// steady_clock is CLOCK_MONOTONIC, as deadlines are.
template <class Duration>
struct timespec
to_timespec(const std::chrono::time_point<std::chrono::steady_clock, Duration> &at)
{
	using namespace std::chrono;
	const auto since = at.time_since_epoch();
	const auto whole = duration_cast<seconds>(since);
	struct timespec then;

	then.tv_sec = static_cast<time_t>(whole.count());
	then.tv_nsec = static_cast<long>(
		duration_cast<nanoseconds>(since - whole).count());
	if (then.tv_nsec < 0) {
		then.tv_sec--;
		then.tv_nsec += 1000000000;
	}
	return then;
}

// A job on its way: what `arg` points to.
struct task {
	virtual ~task() = default;
	virtual void run() = 0;
};

template <class F> struct task_of final : task {
	F f;

	explicit task_of(F &&callable) : f(std::move(callable)) {}
	void run() override { f(); }
};

// Never called where the pool was cancelled: its future is a broken promise then.
inline int run_task(void *arg)
{
	const std::unique_ptr<task> owned(static_cast<task *>(arg));

	if (bpool_cancelled() != 1)
		owned->run();
	return 0;
}

// An element of a map: what it came to, with std::vector<void> in mind.
template <class R> struct cell {
	std::unique_ptr<R> value;
	template <class F, class T> void take(F &f, T &item)
	{
		value.reset(new R(f(item)));
	}
};

template <> struct cell<void> {
	template <class F, class T> void take(F &f, T &item) { f(item); }
};

template <class F, class T, class R> struct element {
	F *f;
	T *item;
	cell<R> result;
	std::exception_ptr thrown;
	int came_to;

	static int run(void *arg)
	{
		element &self = *static_cast<element *>(arg);

		if (bpool_cancelled() == 1)
			return -ECANCELED;
		self.came_to = -EOWNERDEAD;
		try {
			self.result.take(*self.f, *self.item);
			self.came_to = 0;
#ifdef __GLIBCXX__
		} catch (abi::__forced_unwind &) {
			throw; // pthread_exit(): the thread's end
#endif
		} catch (...) {
			self.thrown = std::current_exception();
			self.came_to = -EIO;
		}
		return self.came_to;
	}
};

template <class R> struct gathered {
	using type = std::vector<R>;
	template <class E> static type of(std::vector<E> &elements)
	{
		type all;

		all.reserve(elements.size());
		for (E &e : elements)
			all.push_back(std::move(*e.result.value));
		return all;
	}
};

template <> struct gathered<void> {
	using type = void;
	template <class E> static void of(std::vector<E> &) {}
};

// A function with its arguments, each a copy of its own, to be called once: what
// std::async() makes of the same.
template <std::size_t... I> struct places {};
template <std::size_t N, std::size_t... I>
struct places_of : places_of<N - 1, N - 1, I...> {};
template <std::size_t... I> struct places_of<0, I...> {
	using type = places<I...>;
};

template <class F, bool = std::is_member_pointer<F>::value> struct invocable {
	using type = F;
	template <class G> static G &&of(G &&g) { return std::forward<G>(g); }
};
template <class F> struct invocable<F, true> {
	using type = decltype(std::mem_fn(std::declval<F>()));
	static type of(F f) { return std::mem_fn(f); }
};

template <class F, class... Args> class call
{
public:
	using result = decltype(std::declval<F>()(std::declval<Args>()...));

	template <class G, class... From>
	explicit call(G &&g, From &&...from)
		: f_(std::forward<G>(g)), args_(std::forward<From>(from)...)
	{
	}
	result operator()()
	{
		return run(typename places_of<sizeof...(Args)>::type());
	}

private:
	template <std::size_t... I> result run(places<I...>)
	{
		return std::move(f_)(std::move(std::get<I>(args_))...);
	}
	F f_;
	std::tuple<Args...> args_;
};

template <class F, class... Args>
using call_of = call<typename invocable<typename std::decay<F>::type>::type,
		     typename std::decay<Args>::type...>;

template <class F, class... Args>
using result_of = typename call_of<F, Args...>::result;

} // namespace detail

class limit;

// On which terms a job runs; all zero is none.  Not with retries or a deadline: a
// callable runs once, and its future hears of it.
struct terms {
	const boundpool::limit *limit = nullptr; // of the same pool
	std::string key;                         // of `limit`; "": none
	unsigned weight = 0;
	std::chrono::nanoseconds delay{0};
};

// A pool.  Its end closes it, waits for what was accepted and joins its threads; not
// inside one of its own jobs.
class pool
{
public:
	// So many workers; 0: as many as there are CPUs.
	explicit pool(unsigned workers = 0)
	{
		bpool_options options = {};

		options.size = sizeof(options);
		options.workers = workers;
		detail::check(bpool_create(&pool_, &options), "bpool_create");
	}

	explicit pool(const bpool_options &options)
	{
		detail::check(bpool_create(&pool_, &options), "bpool_create");
	}

	~pool() { end(); }

	pool(pool &&other) noexcept : pool_(other.pool_) { other.pool_ = nullptr; }

	pool &operator=(pool &&other) noexcept
	{
		if (this != &other) {
			end();
			pool_ = other.pool_;
			other.pool_ = nullptr;
		}
		return *this;
	}

	pool(const pool &) = delete;
	pool &operator=(const pool &) = delete;

	// For what boundpool.h has and this has not.  Not for bpool_destroy(), nor for
	// BPOOL_CANCEL, by which nobody would free the callables: see cancel().
	bpool *get() const noexcept { return pool_; }

	// Run f(args...), sleeping for room as bpool_submit() does.  What it returns or
	// throws is the future's.  Callable and arguments are what std::async() takes:
	// each is copied, or moved where it is an rvalue, and handed over as an rvalue;
	// std::ref() passes a reference; a member's pointer is called of its object.
	// Where this throws, what was moved into it is gone.
	template <class F, class... Args>
	std::future<detail::result_of<F, Args...>> submit(F &&f, Args &&...args)
	{
		return send([this](detail::task *task) {
			return bpool_submit(pool_, detail::run_task, task);
		}, std::forward<F>(f), std::forward<Args>(args)...);
	}

	// The same without sleeping: where there is no room, f is not run, the future
	// is not valid(), and what was moved into it is gone.
	template <class F, class... Args>
	std::future<detail::result_of<F, Args...>> try_submit(F &&f, Args &&...args)
	{
		return send([this](detail::task *task) {
			return bpool_try_submit(pool_, detail::run_task, task);
		}, std::forward<F>(f), std::forward<Args>(args)...);
	}

	// The same on terms.
	template <class F, class... Args>
	std::future<detail::result_of<F, Args...>>
	submit_with(const terms &terms, F &&f, Args &&...args);

	// f(item) for each of a range, and a copy of what each returned, in order.  What
	// the first of them (by place) threw is thrown, when all are over.  An item that
	// was not run, because the pool was closed, is std::errc::operation_canceled, one
	// that called pthread_exit() std::errc::owner_dead.  Runs inside jobs of this
	// pool too.
	template <class Range, class F>
	typename detail::gathered<typename std::decay<decltype(std::declval<F &>()(
		*std::begin(std::declval<Range &>())))>::type>::type
	map(Range &&range, F f)
	{
		using iterator = typename std::decay<decltype(std::begin(range))>::type;
		static_assert(
			std::is_lvalue_reference<decltype(*std::begin(range))>::value &&
				std::is_base_of<std::forward_iterator_tag,
						typename std::iterator_traits<
							iterator>::iterator_category>::value,
			"the items have to stand somewhere while they are worked on: "
			"put them into a vector first");
		using item = typename std::remove_reference<decltype(
			*std::begin(range))>::type;
		using value = typename std::decay<decltype(f(*std::begin(range)))>::type;
		using element = detail::element<F, item, value>;
		std::vector<element> elements;

		for (auto &&i : range)
			elements.push_back(element{ &f, &i, {}, nullptr, -ECANCELED });
		const int err = bpool_map(pool_, element::run, elements.data(),
					  sizeof(element), elements.size(),
					  nullptr);
		for (element &e : elements) {
			if (e.thrown)
				std::rethrow_exception(e.thrown);
			// Where none could run, for one reason.
			if (err == -ECHILD || err == -ENOMEM || err == -EINVAL)
				detail::check(err, "bpool_map");
			detail::check(e.came_to, "bpool_map");
		}
		return detail::gathered<value>::of(elements);
	}

	// Until all that was accepted before is over; false: not by then.
	void wait() { detail::check(bpool_wait(pool_, nullptr), "bpool_wait"); }

	template <class Duration>
	bool wait_until(const std::chrono::time_point<std::chrono::steady_clock,
						      Duration> &deadline)
	{
		const struct timespec at = detail::to_timespec(deadline);
		const int err = bpool_wait(pool_, &at);

		if (err == -ETIMEDOUT)
			return false;
		detail::check(err, "bpool_wait");
		return true;
	}

	template <class Rep, class Period>
	bool wait_for(const std::chrono::duration<Rep, Period> &duration)
	{
		return wait_until(std::chrono::steady_clock::now() + duration);
	}

	// No more jobs; those that were accepted run.
	void close() { detail::check(bpool_close(pool_, BPOOL_DRAIN), "bpool_close"); }

	// Nor do those that have not started: their futures throw std::future_error,
	// broken_promise.  Those that run may ask bpool_cancelled().
	void cancel() { detail::check(bpool_close(pool_, BPOOL_FLUSH), "bpool_close"); }

	struct ::bpool_stats stats() const
	{
		struct ::bpool_stats now = {};

		now.size = sizeof(now);
		detail::check(::bpool_stats(pool_, &now), "bpool_stats");
		return now;
	}

private:
	template <class Send, class F, class... Args>
	std::future<detail::result_of<F, Args...>> send(Send &&send, F &&f,
							Args &&...args)
	{
		using value = detail::result_of<F, Args...>;
		using packaged = std::packaged_task<value()>;
		packaged callable(detail::call_of<F, Args...>(
			detail::invocable<typename std::decay<F>::type>::of(
				std::forward<F>(f)),
			std::forward<Args>(args)...));
		std::future<value> future = callable.get_future();
		std::unique_ptr<detail::task> task(
			new detail::task_of<packaged>(std::move(callable)));
		const int err = send(task.get());

		if (err == -EAGAIN)
			return std::future<value>();
		detail::check(err, "bpool_submit");
		(void)task.release(); // the job's
		return future;
	}

	void end() noexcept
	{
		// Where it cannot end (in a job of its own, under a call of another
		// thread) going on would be worse.  A forked child has no threads to end.
		const int err = bpool_destroy(pool_);

		if (err != 0 && err != -ECHILD)
			std::terminate();
		pool_ = nullptr;
	}

	struct bpool *pool_ = nullptr;
};

// A limit of a pool's, which ends with the pool, whatever becomes of this; or before,
// by destroy().
class limit
{
public:
	limit(pool &pool, const bpool_limit_options &options)
	{
		detail::check(bpool_limit_create(&limit_, pool.get(), &options),
			      "bpool_limit_create");
	}

	limit(const limit &) = delete;
	limit &operator=(const limit &) = delete;

	// device_or_resource_busy while a job that names it is not over.
	void destroy()
	{
		detail::check(bpool_limit_destroy(limit_), "bpool_limit_destroy");
		limit_ = nullptr;
	}

	bpool_limit *get() const noexcept { return limit_; }

private:
	bpool_limit *limit_ = nullptr;
};

template <class F, class... Args>
std::future<detail::result_of<F, Args...>>
pool::submit_with(const terms &terms, F &&f, Args &&...args)
{
	return send([this, &terms](detail::task *task) {
		bpool_job job = {};

		job.limit = terms.limit ? terms.limit->get() : nullptr;
		job.key = terms.key.empty() ? nullptr : terms.key.c_str();
		job.weight = terms.weight;
		if (terms.delay.count() > 0)
			job.delay_ns = static_cast<uint64_t>(terms.delay.count());
		return bpool_submit_with(pool_, detail::run_task, task, &job);
	}, std::forward<F>(f), std::forward<Args>(args)...);
}

} // namespace boundpool

#endif
