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
 * where it is "short-write:N".
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
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

/* Is this call of `name` one that fails?  Those that sleep fail again and again,
 * but not each time: nobody could wait by them. */
static bool fails(const char *name)
{
	unsigned long long n;

	if (!ready || strcmp(name, call) != 0)
		return false;
	n = atomic_fetch_add(&counts->calls, 1) + 1;
	if (from == 0 || n < from || (n > from && !later))
		return false;
	if ((strcmp(name, "waitid") == 0 || strcmp(name, "poll") == 0) &&
	    (n - from) % 2 == 1)
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

	return fstat(fd, &st) == 0 && (st.st_mode & S_IFMT) != 0;
}

ssize_t write(int fd, const void *from_here, size_t n)
{
	if (is_filled(fd) && fails("write"))
		return fail(ENOSPC);
	if (n > 1 && is_filled(fd) && fails("short-write"))
		n = 1;
	return REAL(write)(fd, from_here, n);
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
