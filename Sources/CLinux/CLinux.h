// System calls and constants of Linux that Swift's Glibc module does not offer: it is built without _GNU_SOURCE, and
// functions with variable arguments are not imported.

#pragma once

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/mount.h>
#include <linux/prctl.h>
#include <linux/sched.h>
#include <linux/memfd.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

// Of sys/resource.h.
enum {
  LINUX_RLIMIT_NPROC = 6,
  LINUX_RLIMIT_SIGPENDING = 11,
  LINUX_RLIMIT_MSGQUEUE = 12,
  LINUX_RLIMIT_NICE = 13,
  LINUX_RLIMIT_RTPRIO = 14,
};

static inline int linux_unshare(int flags) { return (int)syscall(SYS_unshare, (long)flags); }

static inline int linux_prctl(int option, unsigned long a, unsigned long b) {
  return (int)syscall(SYS_prctl, (long)option, a, b, 0UL, 0UL);
}

// Lets the calling process, and all that come of it, have cores and disks when nobody else of their group wants them. Any
// weight would be that of each process: thousands that a plugin forks would leave nothing to who counts them. What is refused
// is left out.
static inline void linux_give_way(void) {
  const int any = 0;
  const long idle = 5, process = 1, idle_for_disks = 3L << 13;
  syscall(SYS_sched_setscheduler, 0L, idle, &any);
  syscall(SYS_ioprio_set, process, 0L, idle_for_disks);
}

// Closes all descriptors from `first` on.
static inline int linux_close_from(unsigned int first) {
  return (int)syscall(SYS_close_range, (unsigned long)first, (unsigned long)~0U, 0UL);
}

// A pipe whose ends no other program inherits.
static inline int linux_pipe(int ends[2]) { return (int)syscall(SYS_pipe2, ends, (long)O_CLOEXEC); }

// A descriptor for poll(2) that any thread can make readable.
static inline int linux_eventfd(void) { return (int)syscall(SYS_eventfd2, 0UL, (long)(O_CLOEXEC | O_NONBLOCK)); }

// Keeps what is mounted from here on to this mount namespace.
static inline int linux_make_mounts_private(void) {
  return (int)syscall(SYS_mount, "none", "/", (void *)0, (unsigned long)(MS_REC | MS_PRIVATE), (void *)0);
}

// Mounts an empty file system in memory.
static inline int linux_mount_memory(const char *path, const char *options) {
  return (int)syscall(SYS_mount, "tmpfs", path, "tmpfs", (unsigned long)(MS_NOSUID | MS_NODEV), options);
}

// Makes all that is mounted at and below `path` read-only, or writable, for this mount namespace.
static inline int linux_mount_set_read_only(const char *path, int is_read_only) {
  struct mount_attr attributes = {0};
  *(is_read_only ? &attributes.attr_set : &attributes.attr_clr) = MOUNT_ATTR_RDONLY;
  const long recursive = 0x8000;
  return (int)syscall(SYS_mount_setattr, (long)AT_FDCWD, path, recursive, &attributes, sizeof attributes);
}

// Becomes the user and group of that number, with no further groups, and of all capabilities keeps one: that of reading
// any file.
static inline int linux_become(unsigned int user) {
  if (syscall(SYS_prctl, (long)PR_SET_KEEPCAPS, 1UL, 0UL, 0UL, 0UL) != 0) return -1;
  if (syscall(SYS_setgroups, 0L, (void *)0) != 0) return -1;
  if (syscall(SYS_setresgid, (long)user, (long)user, (long)user) != 0) return -1;
  if (syscall(SYS_setresuid, (long)user, (long)user, (long)user) != 0) return -1;
  struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
  uint32_t kept = 1U << CAP_DAC_READ_SEARCH;
  struct __user_cap_data_struct data[2] = {{.effective = kept, .permitted = kept, .inheritable = kept}, {0}};
  if (syscall(SYS_capset, &header, data) != 0) return -1;
  return (int)syscall(SYS_prctl, (long)PR_CAP_AMBIENT, (long)PR_CAP_AMBIENT_RAISE, (long)CAP_DAC_READ_SEARCH, 0L, 0L);
}

// A file in memory that can be sealed.
static inline int linux_memory_file(const char *name) {
  return (int)syscall(SYS_memfd_create, name, (unsigned long)(MFD_CLOEXEC | MFD_ALLOW_SEALING));
}

// Makes a file in memory unchangeable, as whoever reads it by its descriptor wants to be sure of.
static inline int linux_seal(int file) {
  const int add_seals = 1024 + 9, seal = 0x1, shrink = 0x2, grow = 0x4, write = 0x8;
  return fcntl(file, add_seals, seal | shrink | grow | write);
}

// Makes the calling thread alone another user, for what it connects to from here on; glibc would change every thread.
static inline int linux_become_in_thread(
    unsigned int user, unsigned int group, const unsigned int *groups, size_t group_count) {
  if (syscall(SYS_setgroups, group_count, groups) != 0) return -1;
  if (syscall(SYS_setresgid, (long)group, (long)group, (long)group) != 0) return -1;
  return (int)syscall(SYS_setresuid, (long)user, (long)user, (long)user);
}
