// SPDX-License-Identifier: MIT
// boundpool.hpp: what comes back, in which order, and what becomes of what is thrown.
#include <boundpool.hpp>

#include <atomic>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <list>
#include <mutex>
#include <stdexcept>

#define HOLDS(expression)                                                      \
	do {                                                                   \
		if (!(expression)) {                                           \
			std::fprintf(stderr, "%s:%d: %s\n", __FILE__,          \
				     __LINE__, #expression);                   \
			std::exit(1);                                          \
		}                                                              \
	} while (0)

template <class F> static int errno_of(F f)
{
	try {
		f();
	} catch (const std::system_error &e) {
		return e.code().value();
	}
	return 0;
}

// How many there are, so that none is lost and none ends twice.
struct counted {
	static std::atomic<int> alive;
	int value;

	explicit counted(int v) : value(v) { alive++; }
	counted(const counted &other) : value(other.value) { alive++; }
	counted(counted &&other) noexcept : value(other.value) { alive++; }
	~counted() { alive--; }
	counted &operator=(const counted &) = default;
};
std::atomic<int> counted::alive{0};

static void futures()
{
	boundpool::pool pool(3);
	const std::string name = "name";
	std::unique_ptr<int> owned(new int(5));
	int seen = 0;
	auto text = pool.submit([name](int n) { return name + std::to_string(n); }, 7);
	auto nothing = pool.submit([&seen] { seen = 1; });
	nothing.get();
	HOLDS(seen == 1);
	auto moved = pool.submit([](std::unique_ptr<int> p) { return *p; },
				 std::move(owned));
	auto thrown = pool.submit([]() -> int {
		throw std::runtime_error("out of a job");
	});
	auto referred = pool.submit([](int &to) { to = 9; }, std::ref(seen));

	HOLDS(text.get() == "name7");
	HOLDS(moved.get() == 5);
	referred.get();
	HOLDS(seen == 9);
	try {
		thrown.get();
		HOLDS(false);
	} catch (const std::runtime_error &e) {
		HOLDS(std::string(e.what()) == "out of a job");
	}
	pool.wait();
	HOLDS(pool.stats().submitted == 5 && pool.stats().workers == 3);
	HOLDS(pool.stats().failed == 0);
}

struct account {
	int sum;
	int pay(int more) { return sum += more; }
};

// What std::async() takes.
static void callables()
{
	boundpool::pool pool(2);
	account account = {1};
	std::unique_ptr<int> owned(new int(5));
	struct once {
		std::unique_ptr<int> p;
		int operator()(int n) && { return *p + n; }
	};
	auto method = pool.submit(&account::pay, &account, 4);
	HOLDS(method.get() == 5);
	HOLDS(pool.submit(&account::pay, std::ref(account), 1).get() == 6);
	HOLDS(pool.submit(&account::pay, account, 1).get() == 7);
	HOLDS(pool.submit(&account::sum, &account).get() == 6);
	HOLDS(pool.submit(once{std::move(owned)}, 2).get() == 7);
	// One that was bound is an argument like others.
	auto bound = std::bind([](int n) { return n; }, 8);
	HOLDS(pool.submit([](decltype(bound) b) { return b(); }, bound).get() == 8);
	const char text[] = "copied";
	HOLDS(pool.submit([](const std::string &s) { return s; }, text).get() == text);
	std::future<int &> there = pool.submit(
		[](struct account &a) -> int & { return a.sum; }, std::ref(account));
	HOLDS(&there.get() == &account.sum);
	HOLDS(pool.map(std::vector<int>(1, 3), [](int &n) -> int & { return n; })[0] == 3);
}

// The exception by which glibc unwinds is none that a reference could be of, as the
// sanitizer of undefined behaviour says of libstdc++'s own.
#ifndef SANITIZED_UNDEFINED
static void threads_end()
{
	boundpool::pool pool(1);
	std::vector<int> numbers(1, 7);
	auto gone = pool.submit([] { pthread_exit(nullptr); });

	try {
		gone.get();
		HOLDS(false);
	} catch (const std::future_error &e) {
		HOLDS(e.code() == std::future_errc::broken_promise);
	}
	HOLDS(errno_of([&] {
		pool.map(numbers, [](int) { pthread_exit(nullptr); });
	}) == EOWNERDEAD);
	HOLDS(pool.submit([] { return 3; }).get() == 3);
}
#endif

static void gathers()
{
	boundpool::pool pool(4);
	std::vector<int> numbers;
	const std::list<std::string> words = {"one", "three", "seventeen"};
	std::atomic<int> runs{0};

	for (int i = 0; i < 1000; i++)
		numbers.push_back(i);
	const auto squares = pool.map(numbers, [](int n) { return counted(n * n); });
	HOLDS(squares.size() == 1000);
	for (int i = 0; i < 1000; i++)
		HOLDS(squares[static_cast<std::size_t>(i)].value == i * i);
	const std::vector<std::size_t> lengths =
		pool.map(words, [](const std::string &w) { return w.size(); });
	HOLDS((lengths == std::vector<std::size_t>{3, 5, 9}));
	pool.map(numbers, [](int &n) { n = -n; });
	HOLDS(numbers[999] == -999);
	HOLDS(pool.map(std::vector<int>(), [](int) { return 1; }).empty());
	// The first by its place, after all have run.
	try {
		pool.map(numbers, [&runs](int n) {
			runs++;
			if (n == -10 || n == -500)
				throw std::runtime_error(std::to_string(n));
		});
		HOLDS(false);
	} catch (const std::runtime_error &e) {
		HOLDS(std::string(e.what()) == "-10");
	}
	HOLDS(runs == 1000);
	// Inside jobs, more of them than there are workers.
	std::vector<int> eight(8, 3);
	const auto sums = pool.map(eight, [&pool, &eight](int) {
		int sum = 0;
		for (int n : pool.map(eight, [](int m) { return m; }))
			sum += n;
		return sum;
	});
	HOLDS(sums == std::vector<int>(8, 24));
}

static void closed()
{
	std::future<int> kept;
	std::future<void> dropped;
	{
		boundpool::pool pool(1);
		std::promise<void> go, there;
		auto held = pool.submit([&there](std::shared_future<void> f) {
			there.set_value();
			f.get();
		}, go.get_future().share());
		auto owner = std::make_shared<counted>(1);

		dropped = pool.submit([owner] {});
		there.get_future().get();
		HOLDS(!pool.wait_for(std::chrono::milliseconds(1)));
		pool.cancel();
		HOLDS(errno_of([&pool] { pool.submit([] {}); }) == EPIPE);
		HOLDS(errno_of([&pool] {
			pool.map(std::vector<int>(3), [](int) {});
		}) == ECANCELED);
		go.set_value();
		held.get();
		owner.reset();
		boundpool::pool other(1);
		kept = other.submit([] { return 3; });
		pool = std::move(other);
		boundpool::pool third(std::move(pool));
		HOLDS(third.submit([] { return 4; }).get() == 4);
		HOLDS(!pool.get());
	}
	HOLDS(kept.get() == 3);
	try {
		dropped.get();
		HOLDS(false);
	} catch (const std::future_error &e) {
		HOLDS(e.code() == std::future_errc::broken_promise);
	}
}

static void full()
{
	bpool_options options = {};
	options.size = sizeof(options);
	options.workers = 1;
	options.max_in_flight = 1;
	boundpool::pool pool(options);
	std::promise<void> go;
	auto held = pool.submit([&go] { go.get_future().get(); });

	HOLDS(!pool.try_submit([] { return counted(1); }).valid());
	go.set_value();
	held.get();
	pool.wait();
	HOLDS(pool.try_submit([] { return 2; }).get() == 2);
	// There is no room while this runs, and it would wait for itself.
	auto self = pool.submit([&pool] { pool.submit([] {}); });
	HOLDS(errno_of([&self] { self.get(); }) == EDEADLK);
	options.workers = BPOOL_WORKERS_MAX + 1;
	HOLDS(errno_of([&options] { boundpool::pool none(options); }) == EINVAL);
}

// Of one key: the jobs go on two by two, and how many there were at once is counted.
struct pairs {
	std::mutex lock;
	std::condition_variable met;
	int came = 0, running = 0, most = 0;
	bool alone = false;

	void meet()
	{
		std::unique_lock<std::mutex> held(lock);
		const int both = (came++ | 1) + 1;

		if (++running > most)
			most = running;
		met.notify_all();
		if (!met.wait_for(held, std::chrono::seconds(60),
				  [this, both] { return came >= both; }))
			alone = true;
		running--;
	}
};

static void limits()
{
	boundpool::pool pool(8);
	bpool_limit_options two = {};
	two.size = sizeof(two);
	two.max_running = 2;
	boundpool::limit limit(pool, two);
	boundpool::terms terms;
	pairs of_key[2];
	std::vector<std::future<std::string>> keys;

	terms.limit = &limit;
	terms.delay = std::chrono::milliseconds(1);
	for (int i = 0; i < 40; i++) {
		terms.key = i % 2 ? "odd" : "even";
		pairs &mine = of_key[i % 2];
		keys.push_back(pool.submit_with(terms, [&mine] {
			mine.meet();
			return std::string(bpool_job_key());
		}));
	}
	for (std::size_t i = 0; i < keys.size(); i++)
		HOLDS(keys[i].get() == (i % 2 ? "odd" : "even"));
	for (const pairs &key : of_key)
		HOLDS(!key.alone && key.most == 2);
	pool.wait();
	HOLDS(errno_of([&limit] { limit.destroy(); }) == 0 && !limit.get());
	terms.limit = nullptr;
	HOLDS(errno_of([&pool, &terms] { pool.submit_with(terms, [] {}); }) == EINVAL);
}

int main()
{
	futures();
	callables();
#ifndef SANITIZED_UNDEFINED
	threads_end();
#endif
	gathers();
	closed();
	full();
	limits();
	HOLDS(counted::alive == 0);
	std::puts("all hold");
	return 0;
}
