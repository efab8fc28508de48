/* SPDX-License-Identifier: MIT */
/*
 * Before libc (LD_PRELOAD) in a program that is to meet faults:
 *
 *	FAULT=CALL:N	the N-th call of CALL in this process fails; 0: none
 *	FAULT=CALL:N+	that and all later ones
 *	FAULT_COUNTS	a file of 16 bytes, for two numbers: how often CALL was
 *			called, and how often it failed
 *
 * What the program starts meets none.  "write:N" writes less than it is given
 * where it is "short-write:N".  "clock_gettime:N" is an hour that passes at one
 * go, "clock_gettime:N+" 10 ms each time that somebody looks.
 */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct counts {
	atomic_ullong calls, failed;
};

static char call[32];
static unsigned long long from;
static bool later, ready;
static struct counts none, *counts = &none;

__attribute__((constructor)) static void begin(void)
{
	const char *fault = getenv("FAULT"), *path = getenv("FAULT_COUNTS");
	const char *colon = fault ? strchr(fault, ':') : NULL;
	char *end;
	int fd;

	if (!colon || (size_t)(colon - fault) >= sizeof(call) || !path)
		return;
	memcpy(call, fault, (size_t)(colon - fault));
	from = strtoull(colon + 1, &end, 10);
	later = *end == '+';
	fd = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		abort();
	counts = mmap(NULL, sizeof(*counts), PROT_READ | PROT_WRITE, MAP_SHARED,
		      fd, 0);
	syscall(SYS_close, fd);
	if (counts == MAP_FAILED)
		abort();
	unsetenv("LD_PRELOAD");
	unsetenv("FAULT");
	unsetenv("FAULT_COUNTS");
	ready = true;
}

/* Those that sleep fail again and again, but not each time: nobody could wait by
 * them. */
static bool sleeps(const char *name)
{
	return strcmp(name, "waitid") == 0 || strcmp(name, "poll") == 0 ||
	       strcmp(name, "sem_wait") == 0 ||
	       strcmp(name, "sem_clockwait") == 0 ||
	       strcmp(name, "pthread_cond_wait") == 0 ||
	       strcmp(name, "pthread_cond_timedwait") == 0;
}

/* Is this call of `name` one that fails? */
static bool fails(const char *name)
{
	unsigned long long n;

	if (!ready || strcmp(name, call) != 0)
		return false;
	n = atomic_fetch_add(&counts->calls, 1) + 1;
	if (from == 0 || n < from || (n > from && !later))
		return false;
	if (sleeps(name) && (n - from) % 2 == 1)
		return false;
	atomic_fetch_add(&counts->failed, 1);
	return true;
}

static int fail(int error)
{
	errno = error;
	return -1;
}

/* libc's own, as it would be called without this. */
#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

/* ---- Memory: dlsym() takes some itself --------------------------------------- */

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *old, size_t size);
void *__libc_memalign(size_t line, size_t size);

static void *no_memory(void)
{
	errno = ENOMEM;
	return NULL;
}

void *malloc(size_t size)
{
	return fails("malloc") ? no_memory() : __libc_malloc(size);
}

void *calloc(size_t n, size_t size)
{
	return fails("calloc") ? no_memory() : __libc_calloc(n, size);
}

void *realloc(void *old, size_t size)
{
	return fails("realloc") ? no_memory() : __libc_realloc(old, size);
}

void *aligned_alloc(size_t line, size_t size)
{
	return fails("aligned_alloc") ? no_memory()
				      : __libc_memalign(line, size);
}

/* ---- Threads ------------------------------------------------------------------- */

int pthread_create(pthread_t *thread, const pthread_attr_t *attr,
		   void *(*fn)(void *), void *arg)
{
	return fails("pthread_create")
		       ? EAGAIN
		       : REAL(pthread_create)(thread, attr, fn, arg);
}

int pthread_mutex_init(pthread_mutex_t *mutex, const pthread_mutexattr_t *attr)
{
	return fails("pthread_mutex_init")
		       ? ENOMEM
		       : REAL(pthread_mutex_init)(mutex, attr);
}

int pthread_cond_init(pthread_cond_t *cond, const pthread_condattr_t *attr)
{
	return fails("pthread_cond_init") ? ENOMEM
					  : REAL(pthread_cond_init)(cond, attr);
}

int sem_init(sem_t *sem, int shared, unsigned value)
{
	return fails("sem_init") ? fail(ENOMEM)
				 : REAL(sem_init)(sem, shared, value);
}

int pthread_attr_setstacksize(pthread_attr_t *attr, size_t size)
{
	return fails("pthread_attr_setstacksize")
		       ? EINVAL
		       : REAL(pthread_attr_setstacksize)(attr, size);
}

int sched_getaffinity(pid_t pid, size_t size, cpu_set_t *set)
{
	return fails("sched_getaffinity")
		       ? fail(EINVAL)
		       : REAL(sched_getaffinity)(pid, size, set);
}

/* ---- Time ------------------------------------------------------------------------ */

#define NS_PER_S 1000000000ll
#define HOUR_NS (3600 * NS_PER_S)
#define SLOW_NS 10000000ll

static atomic_llong ahead_ns; /* of the clock, the program's is */

static struct timespec moved(const struct timespec *time, long long by_ns)
{
	long long ns = time->tv_sec * NS_PER_S + time->tv_nsec + by_ns;

	ns = ns > 0 ? ns : 0;
	return (struct timespec){ ns / NS_PER_S, ns % NS_PER_S };
}

int clock_gettime(clockid_t id, struct timespec *now)
{
	int rc = REAL(clock_gettime)(id, now);

	if (rc == 0 && fails("clock_gettime"))
		atomic_fetch_add(&ahead_ns, later ? SLOW_NS : HOUR_NS);
	if (rc == 0)
		*now = moved(now, atomic_load(&ahead_ns));
	return rc;
}

int sem_wait(sem_t *sem)
{
	return fails("sem_wait") ? fail(EINTR) : REAL(sem_wait)(sem);
}

int sem_clockwait(sem_t *restrict sem, clockid_t id,
		  const struct timespec *restrict until)
{
	struct timespec real = moved(until, -atomic_load(&ahead_ns));

	return fails("sem_clockwait") ? fail(EINTR)
				      : REAL(sem_clockwait)(sem, id, &real);
}

/* Both may wake for nothing. */
int pthread_cond_wait(pthread_cond_t *restrict cond,
		      pthread_mutex_t *restrict mutex)
{
	return fails("pthread_cond_wait")
		       ? 0
		       : REAL(pthread_cond_wait)(cond, mutex);
}

int pthread_cond_timedwait(pthread_cond_t *restrict cond,
			   pthread_mutex_t *restrict mutex,
			   const struct timespec *restrict until)
{
	struct timespec real = moved(until, -atomic_load(&ahead_ns));

	return fails("pthread_cond_timedwait")
		       ? 0
		       : REAL(pthread_cond_timedwait)(cond, mutex, &real);
}

/* ---- Processes ----------------------------------------------------------------- */

/* What may be better soon, or is not worth another try. */
static int no_process(void)
{
	return later ? EPERM : ENOMEM;
}

int posix_spawn(pid_t *pid, const char *path,
		const posix_spawn_file_actions_t *actions,
		const posix_spawnattr_t *attr, char *const argv[],
		char *const envp[])
{
	return fails("posix_spawn") ? no_process()
				    : REAL(posix_spawn)(pid, path, actions,
							attr, argv, envp);
}

int posix_spawnp(pid_t *pid, const char *path,
		 const posix_spawn_file_actions_t *actions,
		 const posix_spawnattr_t *attr, char *const argv[],
		 char *const envp[])
{
	return fails("posix_spawnp") ? no_process()
				     : REAL(posix_spawnp)(pid, path, actions,
							  attr, argv, envp);
}

int posix_spawnattr_init(posix_spawnattr_t *attr)
{
	return fails("posix_spawnattr_init") ? ENOMEM
					     : REAL(posix_spawnattr_init)(attr);
}

int posix_spawn_file_actions_init(posix_spawn_file_actions_t *actions)
{
	return fails("posix_spawn_file_actions_init")
		       ? ENOMEM
		       : REAL(posix_spawn_file_actions_init)(actions);
}

int posix_spawn_file_actions_adddup2(posix_spawn_file_actions_t *actions,
				     int from_fd, int to)
{
	return fails("posix_spawn_file_actions_adddup2")
		       ? ENOMEM
		       : REAL(posix_spawn_file_actions_adddup2)(actions,
								from_fd, to);
}

int kill(pid_t pid, int sig)
{
	return fails("kill") ? fail(EPERM) : REAL(kill)(pid, sig);
}

/* An old kernel, or no descriptors. */
long syscall(long number, ...)
{
	long a[6];
	va_list args;

	va_start(args, number);
	for (int i = 0; i < 6; i++)
		a[i] = va_arg(args, long);
	va_end(args);
	if (number == SYS_pidfd_open && fails("pidfd_open"))
		return fail(later ? ENOSYS : EMFILE);
	return REAL(syscall)(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

int waitid(idtype_t type, id_t id, siginfo_t *info, int options)
{
	return fails("waitid") ? fail(EINTR)
			       : REAL(waitid)(type, id, info, options);
}

/* ---- Descriptors ----------------------------------------------------------------- */

int pipe2(int ends[2], int flags)
{
	return fails("pipe2") ? fail(EMFILE) : REAL(pipe2)(ends, flags);
}

int memfd_create(const char *name, unsigned flags)
{
	return fails("memfd_create") ? fail(EMFILE)
				     : REAL(memfd_create)(name, flags);
}

static int open_with(const char *path, int flags, va_list args)
{
	int mode = flags & (O_CREAT | __O_TMPFILE) ? va_arg(args, int) : 0;

	if (fails("open"))
		return fail(EMFILE);
	return (int)syscall(SYS_openat, AT_FDCWD, path, flags | O_LARGEFILE,
			    mode);
}

int open(const char *path, int flags, ...)
{
	va_list args;
	int fd;

	va_start(args, flags);
	fd = open_with(path, flags, args);
	va_end(args);
	return fd;
}

int open64(const char *path, int flags, ...)
{
	va_list args;
	int fd;

	va_start(args, flags);
	fd = open_with(path, flags, args);
	va_end(args);
	return fd;
}

ssize_t read(int fd, void *to, size_t n)
{
	return fails("read") ? fail(EIO) : REAL(read)(fd, to, n);
}

/* A file, a pipe, a terminal; and not an eventfd, which has always room. */
static bool is_filled(int fd)
{
	struct stat st;

	return syscall(SYS_fstat, fd, &st) == 0 && (st.st_mode & S_IFMT) != 0;
}

ssize_t write(int fd, const void *from_here, size_t n)
{
	if (is_filled(fd) && fails("write"))
		return fail(ENOSPC);
	if (n > 1 && is_filled(fd) && fails("short-write"))
		n = 1;
	return REAL(write)(fd, from_here, n);
}

int eventfd(unsigned value, int flags)
{
	return fails("eventfd") ? fail(EMFILE) : REAL(eventfd)(value, flags);
}

int signalfd(int fd, const sigset_t *mask, int flags)
{
	return fails("signalfd") ? fail(EMFILE)
				 : REAL(signalfd)(fd, mask, flags);
}

/* The third argument is handed on as it came, whatever it is. */
int fcntl64(int fd, int command, ...)
{
	va_list args;
	void *arg;

	va_start(args, command);
	arg = va_arg(args, void *);
	va_end(args);
	if (command == F_DUPFD || command == F_DUPFD_CLOEXEC) {
		if (fails("dupfd"))
			return fail(EMFILE);
	} else if (command == F_OFD_SETLK || command == F_OFD_SETLKW) {
		if (fails("lock"))
			return fail(ENOLCK);
	} else if (fails("fcntl")) {
		return fail(EINVAL);
	}
	return REAL(fcntl64)(fd, command, arg);
}

int flock(int fd, int how)
{
	return fails("flock") ? fail(ENOLCK) : REAL(flock)(fd, how);
}

int getrlimit64(__rlimit_resource_t what, struct rlimit64 *limit)
{
	return fails("getrlimit") ? fail(EINVAL)
				  : REAL(getrlimit64)(what, limit);
}

int setrlimit64(__rlimit_resource_t what, const struct rlimit64 *limit)
{
	return fails("setrlimit") ? fail(EPERM)
				  : REAL(setrlimit64)(what, limit);
}

/* ---- Files ------------------------------------------------------------------------ */

int openat64(int dir, const char *path, int flags, ...)
{
	int mode = 0;
	va_list args;

	va_start(args, flags);
	if (flags & (O_CREAT | __O_TMPFILE))
		mode = va_arg(args, int);
	va_end(args);
	if (fails("openat"))
		return fail(EMFILE);
	return (int)syscall(SYS_openat, dir, path, flags | O_LARGEFILE, mode);
}

ssize_t pread64(int fd, void *to, size_t n, off64_t at)
{
	return fails("pread") ? fail(EIO) : REAL(pread64)(fd, to, n, at);
}

ssize_t pwrite64(int fd, const void *from_here, size_t n, off64_t at)
{
	if (fails("pwrite"))
		return fail(ENOSPC);
	return REAL(pwrite64)(fd, from_here, n, at);
}

int fallocate64(int fd, int mode, off64_t at, off64_t n)
{
	return fails("fallocate") ? fail(EOPNOTSUPP)
				  : REAL(fallocate64)(fd, mode, at, n);
}

int fstat64(int fd, struct stat64 *st)
{
	return fails("fstat") ? fail(EIO) : REAL(fstat64)(fd, st);
}

int stat64(const char *restrict path, struct stat64 *restrict st)
{
	return fails("stat") ? fail(EACCES) : REAL(stat64)(path, st);
}

int mkdir(const char *path, mode_t mode)
{
	return fails("mkdir") ? fail(ENOSPC) : REAL(mkdir)(path, mode);
}

int mkdirat(int dir, const char *path, mode_t mode)
{
	return fails("mkdirat") ? fail(ENOSPC) : REAL(mkdirat)(dir, path, mode);
}

int rename(const char *old, const char *path)
{
	return fails("rename") ? fail(EIO) : REAL(rename)(old, path);
}

int renameat(int old_dir, const char *old, int dir, const char *path)
{
	return fails("renameat") ? fail(EIO)
				 : REAL(renameat)(old_dir, old, dir, path);
}

int unlink(const char *path)
{
	return fails("unlink") ? fail(EIO) : REAL(unlink)(path);
}

int unlinkat(int dir, const char *path, int flags)
{
	return fails("unlinkat") ? fail(EIO) : REAL(unlinkat)(dir, path, flags);
}

char *realpath(const char *restrict path, char *restrict to)
{
	return fails("realpath") ? no_memory() : REAL(realpath)(path, to);
}

DIR *opendir(const char *path)
{
	if (!fails("opendir"))
		return REAL(opendir)(path);
	errno = EMFILE;
	return NULL;
}

int ftruncate64(int fd, off_t size)
{
	return fails("ftruncate") ? fail(EIO) : REAL(ftruncate64)(fd, size);
}

int fsync(int fd)
{
	return fails("fsync") ? fail(EIO) : REAL(fsync)(fd);
}

int fdatasync(int fd)
{
	return fails("fdatasync") ? fail(EIO) : REAL(fdatasync)(fd);
}

int poll(struct pollfd *fds, nfds_t n, int ms)
{
	return fails("poll") ? fail(ENOMEM) : REAL(poll)(fds, n, ms);
}
