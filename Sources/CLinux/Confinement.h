// What a process can give up for itself and its children without any privilege but no_new_privs.

#pragma once

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define LINUX_AUDIT_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define LINUX_AUDIT_ARCH AUDIT_ARCH_AARCH64
#endif

// Whether linux_refuse_calls can work here.
static inline int linux_can_refuse_calls(void) {
#ifdef LINUX_AUDIT_ARCH
  const uint32_t action = SECCOMP_RET_ERRNO;
  return syscall(SYS_seccomp, (long)SECCOMP_GET_ACTION_AVAIL, 0L, &action) == 0;
#else
  return 0;
#endif
}

// What else keeps a process from others of its user, so that no call has to be refused for it.
enum linux_reach {
  // Nothing does.
  LINUX_REACH_PROCESSES,
  // Landlock refuses signals.
  LINUX_REACH_PROCESSES_WITHOUT_SIGNALS,
  // They have other numbers, or another user.
  LINUX_REACH_NONE,
};

// Refuses every socket from here on, of the network and of other programs, and what could make one past this filter:
// the calls of other architectures, and io_uring. Pairs of sockets, which reach nobody else, stay.
//
// As far as the reach wants it, also refuses to signal and to hold up others. A filter cannot tell whose a number is, and
// every thread of a process has one: so single processes cannot be signalled at all, only groups, but for the host's.
static inline int linux_refuse_calls(enum linux_reach reach, int host, int supervisor, int host_group) {
#ifdef LINUX_AUDIT_ARCH
#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define ALLOW BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)
#define REFUSE(code) BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (code))
// Goes on with the next instruction when it is so, or else skips that many.
#define EQUAL(value, skip) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)(value), 0, skip)
#define AT_LEAST(value, skip) BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, (uint32_t)(value), 0, skip)
#define ALLOW_REST_IF(condition) \
  BPF_STMT((condition) ? BPF_RET | BPF_K : BPF_JMP | BPF_JA, (condition) ? SECCOMP_RET_ALLOW : 0)
#define NEVER(call, code) EQUAL(call, 1), REFUSE(code)
#define FOR_ITSELF(call) EQUAL(call, 4), LOAD(args[0]), EQUAL(0, 1), ALLOW, REFUSE(EPERM)
  struct sock_filter rules[] = {
      LOAD(arch),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, LINUX_AUDIT_ARCH, 1, 0),
      REFUSE(EACCES),
      LOAD(nr),
      // Numbers from here on are those of the x32 interface.
      AT_LEAST(0x40000000, 1),
      REFUSE(EACCES),
      NEVER(SYS_socket, EACCES),
      NEVER(SYS_io_uring_setup, EACCES),
      ALLOW_REST_IF(reach == LINUX_REACH_NONE),
      NEVER(SYS_ptrace, EPERM),
      NEVER(SYS_process_vm_readv, EPERM),
      NEVER(SYS_process_vm_writev, EPERM),
      NEVER(SYS_pidfd_getfd, EPERM),
      NEVER(SYS_setpriority, EPERM),
      NEVER(SYS_ioprio_set, EPERM),
      NEVER(SYS_migrate_pages, EPERM),
      NEVER(SYS_move_pages, EPERM),
      FOR_ITSELF(SYS_prlimit64),
      FOR_ITSELF(SYS_sched_setaffinity),
      FOR_ITSELF(SYS_sched_setattr),
      FOR_ITSELF(SYS_sched_setparam),
      FOR_ITSELF(SYS_sched_setscheduler),
      ALLOW_REST_IF(reach == LINUX_REACH_PROCESSES_WITHOUT_SIGNALS),
      NEVER(SYS_tkill, EPERM),
      NEVER(SYS_rt_sigqueueinfo, EPERM),
      NEVER(SYS_rt_tgsigqueueinfo, EPERM),
      NEVER(SYS_pidfd_send_signal, EPERM),
      EQUAL(SYS_tgkill, 6),
      LOAD(args[0]),
      EQUAL(host, 1),
      REFUSE(EPERM),
      EQUAL(supervisor, 1),
      REFUSE(EPERM),
      ALLOW,
      EQUAL(SYS_kill, 10),
      LOAD(args[0]),
      EQUAL(0, 1),
      ALLOW,
      EQUAL(-1, 1),
      REFUSE(EPERM),
      EQUAL(-host_group, 1),
      REFUSE(EPERM),
      // Negative: a group.
      AT_LEAST(0x80000000, 1),
      ALLOW,
      REFUSE(EPERM),
      ALLOW,
  };
#undef LOAD
#undef ALLOW
#undef REFUSE
#undef EQUAL
#undef AT_LEAST
#undef ALLOW_REST_IF
#undef NEVER
#undef FOR_ITSELF
  struct sock_fprog program = {.len = sizeof rules / sizeof *rules, .filter = rules};
  return (int)syscall(SYS_seccomp, (long)SECCOMP_SET_MODE_FILTER, 0L, &program);
#else
  errno = ENOSYS;
  return -1;
#endif
}

// From this version on, Landlock can refuse signals.
#define LINUX_LANDLOCK_SIGNALS 6

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
  const uint64_t truncate = version >= 3 ? 1ULL << 14 : 0;
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
