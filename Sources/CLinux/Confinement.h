// What a process can give up for itself and its children without any privilege but no_new_privs: by Landlock to change
// files. CallFilter.h has what that leaves open.

#pragma once

#include <fcntl.h>
#include <linux/landlock.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

// From this version on, Landlock can refuse signals.
#define LINUX_LANDLOCK_SIGNALS 6

// From this version on, Landlock can refuse to cut files.
#define LINUX_LANDLOCK_TRUNCATE 3

// The version of Landlock, from 1 on; -1 where the kernel has none.
static inline int linux_landlock_version(void) {
  return (int)syscall(SYS_landlock_create_ruleset, (void *)0, 0UL, (long)LANDLOCK_CREATE_RULESET_VERSION);
}

static inline int linux_landlock_allow(int ruleset, const char *path, uint64_t rights) {
  int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return -1;
  struct landlock_path_beneath_attr rule = {.allowed_access = rights, .parent_fd = file};
  long result = syscall(SYS_landlock_add_rule, (long)ruleset, (long)LANDLOCK_RULE_PATH_BENEATH, &rule, 0L);
  close(file);
  return (int)result;
}

// Refuses from here on to change any file outside the current folder but /dev/null, to trace processes outside, and
// where the kernel is new enough to send them signals.
static inline int linux_write_only_here(void) {
  int version = linux_landlock_version();
  if (version < 1) return -1;
  // Not in the headers of every kernel.
  const uint64_t truncate = version >= LINUX_LANDLOCK_TRUNCATE ? 1ULL << 14 : 0;
  const uint64_t scopes = version >= LINUX_LANDLOCK_SIGNALS ? 1ULL << 0 | 1ULL << 1 : 0;
  const uint64_t rights = LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR |
                          LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_DIR |
                          LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO |
                          LANDLOCK_ACCESS_FS_MAKE_BLOCK | LANDLOCK_ACCESS_FS_MAKE_SYM | truncate |
                          (version >= 2 ? 1ULL << 13 : 0);
  // A kernel that knows fewer fields wants the others to be zero.
  struct {
    uint64_t files, network, scoped;
  } attributes = {rights, 0, scopes};
  int ruleset = (int)syscall(SYS_landlock_create_ruleset, &attributes, sizeof attributes, 0L);
  if (ruleset < 0) return -1;
  int result = linux_landlock_allow(ruleset, ".", rights);
  if (result == 0) result = linux_landlock_allow(ruleset, "/dev/null", LANDLOCK_ACCESS_FS_WRITE_FILE | truncate);
  if (result == 0) result = (int)syscall(SYS_landlock_restrict_self, (long)ruleset, 0L);
  close(ruleset);
  return result;
}
