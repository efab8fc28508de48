# SPDX-License-Identifier: MIT
# poll(2) looks at a pipe's bytes and then at who may write to it, without a lock, so
# that it may say hung up and nothing else of one that has bytes.
set -eu
[ -z "${SAN-}" ] || { echo "not under sanitizers"; exit 77; }
case $CC in
*musl*)
	echo 'the shim is for glibc'
	exit 77
	;;
esac
cat >late.c <<'E2'
#include <dlfcn.h>
#include <poll.h>

int poll(struct pollfd *fds, nfds_t n, int ms)
{
	int (*real)(struct pollfd *, nfds_t, int) =
		(int (*)(struct pollfd *, nfds_t, int))dlsym(RTLD_NEXT, "poll");
	int rc = real(fds, n, ms);

	for (nfds_t i = 0; i < n; i++)
		if (fds[i].revents & POLLHUP)
			fds[i].revents &= ~POLLIN;
	return rc;
}
E2
$CC -std=gnu11 -D_GNU_SOURCE -shared -fPIC -o late.so late.c
# Ends before anybody looks, mostly: some of these do.
seq 40 | LD_PRELOAD=$PWD/late.so "$BPOOL" -j4 -k 'echo out {}; echo err {} >&2' \
	>out 2>err
seq -f 'out %g' 40 | cmp - out
seq -f 'err %g' 40 | cmp - err
