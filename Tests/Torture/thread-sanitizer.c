// Linked into what the thread sanitizer looks at.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <malloc.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sanitizer/allocator_interface.h>
#include <sanitizer/tsan_interface.h>

// Tells it of the locks of Swift's Mutex. One that is free is taken by an atomic operation that is compiled into whoever takes it,
// which the sanitizer sees. What waits for one, and what wakes those who wait, is in Swift's library, which is not built for it:
// without this, whatever two threads do under a Mutex that they had to wait for looks like a race. Each function here stands in for
// that of the library, calls it, and tells what it means.

#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context)) void *mutex

static void *find(const char *name) {
  void *const function = dlsym(RTLD_NEXT, name);
  if (function == NULL) abort();
  return function;
}

// Of Synchronization._MutexHandle, whose first and only field the atomic operations are on.
#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define TRY_LOCK "$s15Synchronization12_MutexHandleV12_tryLockSlowSbyF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

SWIFT void lock(uint32_t thread, SELF) __asm__(LOCK);
SWIFT bool try_lock(SELF) __asm__(TRY_LOCK);
SWIFT void unlock(SELF) __asm__(UNLOCK);

SWIFT void lock(uint32_t thread, SELF) {
  ((SWIFT void (*)(uint32_t, SELF))find(LOCK))(thread, mutex);
  __tsan_acquire(mutex);
}

SWIFT bool try_lock(SELF) {
  const bool is_locked = ((SWIFT bool (*)(SELF))find(TRY_LOCK))(mutex);
  if (is_locked) __tsan_acquire(mutex);
  return is_locked;
}

SWIFT void unlock(SELF) {
  __tsan_release(mutex);
  ((SWIFT void (*)(SELF))find(UNLOCK))(mutex);
}

// The sanitizer has an allocator of its own, and that of glibc has nothing in use.
struct mallinfo2 mallinfo2(void) {
  return (struct mallinfo2){.uordblks = __sanitizer_get_current_allocated_bytes()};
}
