// Preloaded into a program, it makes calls of the C library go wrong.
//
//   FAULTS="accept EPERM 1 3"   the first to the third accept(2) fail so, counted over all threads
//   FAULTS_CLOCK=-86400         the real-time clock says so many seconds since 1970, and stands still
//
// Only what the environment names is changed. Compile it with: clang -shared -fPIC -o faults.so faults.c
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

static char name[32];
static int code;
static long first, last;
static const char *fixedClock;
static atomic_long count;

__attribute__((constructor)) static void readEnvironment(void) {
  const char *faults = getenv("FAULTS");
  char error[16] = "";
  if (faults && sscanf(faults, "%31s %15s %ld %ld", name, error, &first, &last) == 4)
    code = !strcmp(error, "EPERM") ? EPERM : !strcmp(error, "EINVAL") ? EINVAL : !strcmp(error, "EMFILE") ? EMFILE : EIO;
  fixedClock = getenv("FAULTS_CLOCK");
}

static int isFaulty(const char *call) {
  if (!code || strcmp(call, name)) return 0;
  long number = atomic_fetch_add(&count, 1) + 1;
  return number >= first && number <= last;
}

int accept(int socket, struct sockaddr *restrict address, socklen_t *restrict size) {
  static int (*original)(int, struct sockaddr *restrict, socklen_t *restrict);
  if (!original) original = dlsym(RTLD_NEXT, "accept");
  if (isFaulty("accept")) return errno = code, -1;
  return original(socket, address, size);
}

int accept4(int socket, struct sockaddr *restrict address, socklen_t *restrict size, int flags) {
  static int (*original)(int, struct sockaddr *restrict, socklen_t *restrict, int);
  if (!original) original = dlsym(RTLD_NEXT, "accept4");
  if (isFaulty("accept")) return errno = code, -1;
  return original(socket, address, size, flags);
}

int clock_gettime(clockid_t clock, struct timespec *time) {
  static int (*original)(clockid_t, struct timespec *);
  if (!original) original = dlsym(RTLD_NEXT, "clock_gettime");
  if (!fixedClock || clock != CLOCK_REALTIME) return original(clock, time);
  time->tv_sec = atoll(fixedClock);
  time->tv_nsec = 500000000;
  return 0;
}
