// The system calls that a plugin is refused: what Landlock and namespaces leave open. Every call of Linux up to 6.1 has
// been gone through. What is refused reaches beyond the process and its folder, or takes what others of its user share.

#pragma once

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define LINUX_AUDIT_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define LINUX_AUDIT_ARCH AUDIT_ARCH_AARCH64
#endif

// What else keeps a process from others of its user, so that no call has to be refused for it.
enum linux_reach {
  // Nothing does.
  LINUX_REACH_PROCESSES,
  // Landlock refuses signals.
  LINUX_REACH_PROCESSES_WITHOUT_SIGNALS,
  // They have other numbers, or another user.
  LINUX_REACH_NONE,
};

// What a filter is made for.
struct linux_confinement {
  enum linux_reach reach;
  // Whether files outside of the folder could be changed in all that Landlock has no rule for: mode, owner, times and
  // extended attributes. Mounts that are read-only keep them.
  int has_attributes;
  // Whether files could be cut: Landlock is too old to refuse that, and no mount is read-only.
  int can_cut;
  // The process that is confined: all that it and its children may signal, where the reach wants that.
  int itself;
};

// Whether linux_refuse_calls can work here.
static inline int linux_can_refuse_calls(void) {
#ifdef LINUX_AUDIT_ARCH
  const uint32_t action = SECCOMP_RET_ERRNO;
  return syscall(SYS_seccomp, (long)SECCOMP_GET_ACTION_AVAIL, 0L, &action) == 0;
#else
  return 0;
#endif
}

#ifdef LINUX_AUDIT_ARCH

struct linux_filter {
  struct sock_filter rules[512];
  unsigned short count;
};

static inline void linux_filter_add(struct linux_filter *filter, int code, int is_so, int else_skip, uint32_t value) {
  if (filter->count == sizeof filter->rules / sizeof *filter->rules) return;
  struct sock_filter rule = {(uint16_t)code, (uint8_t)is_so, (uint8_t)else_skip, value};
  filter->rules[filter->count++] = rule;
}

#define LINUX_ADD(code, value) linux_filter_add(filter, code, 0, 0, (uint32_t)(value))
#define LINUX_LOAD(field) LINUX_ADD(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define LINUX_ALLOW LINUX_ADD(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)
#define LINUX_REFUSE(code) LINUX_ADD(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (code))
// Each goes on with the next rule when it is so, or else skips that many.
#define LINUX_EQUAL(value, skip) linux_filter_add(filter, BPF_JMP | BPF_JEQ | BPF_K, 0, skip, (uint32_t)(value))
#define LINUX_AT_LEAST(value, skip) linux_filter_add(filter, BPF_JMP | BPF_JGE | BPF_K, 0, skip, (uint32_t)(value))
#define LINUX_ANY_OF(bits, skip) linux_filter_add(filter, BPF_JMP | BPF_JSET | BPF_K, 0, skip, (uint32_t)(bits))

static inline void linux_filter_never(struct linux_filter *filter, const int *calls, size_t size, int code) {
  for (size_t index = 0; index < size / sizeof *calls; index++) {
    LINUX_EQUAL(calls[index], 1);
    LINUX_REFUSE(code);
  }
}

#define LINUX_NEVER(calls, code) linux_filter_never(filter, calls, sizeof calls, code)

// What nobody needs who reads rows and writes rows.
static inline void linux_filter_always(struct linux_filter *filter) {
  // The calls of other architectures, and the numbers of the x32 interface, would lead past this filter.
  LINUX_LOAD(arch);
  linux_filter_add(filter, BPF_JMP | BPF_JEQ | BPF_K, 1, 0, LINUX_AUDIT_ARCH);
  LINUX_REFUSE(EACCES);
  LINUX_LOAD(nr);
  LINUX_AT_LEAST(0x40000000, 1);
  LINUX_REFUSE(EACCES);
  // Calls that are younger than this list do not exist, and programs do without as on an older kernel: fchmodat2,
  // setxattrat and file_setattr are among them.
  LINUX_AT_LEAST(451, 1);
  LINUX_REFUSE(ENOSYS);
  // Their flags are in memory, where no filter can read them. The C library falls back on clone and openat.
  const int unreadable[] = {SYS_clone3, SYS_openat2};
  LINUX_NEVER(unreadable, ENOSYS);

  // A pair of connected streams reaches nobody else. A pair of datagram sockets sends to every one of the machine.
  const int sockets[] = {SYS_socket, SYS_bind, SYS_connect, SYS_listen, SYS_accept, SYS_accept4, SYS_io_uring_setup,
                         SYS_io_uring_enter, SYS_io_uring_register};
  LINUX_NEVER(sockets, EACCES);
  LINUX_EQUAL(SYS_socketpair, 7);
  LINUX_LOAD(args[0]);
  LINUX_EQUAL(AF_UNIX, 4);
  LINUX_LOAD(args[1]);
  // Without SOCK_CLOEXEC and SOCK_NONBLOCK.
  LINUX_ADD(BPF_ALU | BPF_AND | BPF_K, ~(O_CLOEXEC | O_NONBLOCK));
  LINUX_EQUAL(SOCK_STREAM, 1);
  LINUX_ALLOW;
  LINUX_REFUSE(EACCES);

  const int others[] = {
      // Mounts, roots and namespaces.
      SYS_mount, SYS_umount2, SYS_pivot_root, SYS_chroot, SYS_open_tree, SYS_move_mount, SYS_fsopen, SYS_fsconfig,
      SYS_fsmount, SYS_fspick, SYS_mount_setattr, SYS_setns, SYS_quotactl, SYS_quotactl_fd, SYS_swapon, SYS_swapoff,
      // The kernel, the machine and its clocks, and requests of which the whole machine has a number.
      SYS_io_setup, SYS_bpf, SYS_perf_event_open, SYS_userfaultfd, SYS_init_module, SYS_finit_module, SYS_delete_module,
      SYS_kexec_load, SYS_kexec_file_load, SYS_reboot, SYS_syslog, SYS_acct, SYS_vhangup, SYS_sethostname, SYS_setdomainname,
      SYS_settimeofday, SYS_clock_settime, SYS_clock_adjtime, SYS_adjtimex,
      // Keys, and what outlives the process: messages, semaphores and memory of System V, and queues.
      SYS_add_key, SYS_request_key, SYS_keyctl, SYS_shmget, SYS_shmat, SYS_shmctl, SYS_semget, SYS_semop, SYS_semctl,
      SYS_semtimedop, SYS_msgget, SYS_msgsnd, SYS_msgrcv, SYS_msgctl, SYS_mq_open, SYS_mq_unlink,
      // Memory that counts for no limit of a process.
      SYS_memfd_create, SYS_memfd_secret,
      // Files past their paths, locks on files of others, news of them, and work for every disk.
      SYS_name_to_handle_at, SYS_open_by_handle_at, SYS_flock, SYS_inotify_init1, SYS_fanotify_init, SYS_fanotify_mark,
      SYS_sync, SYS_syncfs,
#if defined(__x86_64__)
      SYS_inotify_init, SYS_iopl, SYS_ioperm,
#endif
  };
  LINUX_NEVER(others, EPERM);

  // New namespaces, by any of their flags. The lowest is that of times, which clone does not know.
  const uint32_t namespaces = 0x7e020000;
  LINUX_EQUAL(SYS_unshare, 4);
  LINUX_LOAD(args[0]);
  LINUX_ANY_OF(namespaces | 0x80, 1);
  LINUX_REFUSE(EPERM);
  LINUX_ALLOW;

  // Signals to whom it likes (F_SETOWN, F_SETSIG and F_SETOWN_EX), holding up who opens a file (F_SETLEASE), news of a
  // folder (F_NOTIFY), and hints that stay with a file (F_SET_RW_HINT and F_SET_FILE_RW_HINT).
  const uint32_t fcntls[] = {8, 10, 15, 1024, 1026, 1036, 1038};
  const unsigned fcntl_count = sizeof fcntls / sizeof *fcntls;
  LINUX_EQUAL(SYS_fcntl, (int)(2 * fcntl_count + 2));
  LINUX_LOAD(args[1]);
  for (unsigned index = 0; index < fcntl_count; index++) {
    LINUX_EQUAL(fcntls[index], 1);
    LINUX_REFUSE(EPERM);
  }
  LINUX_ALLOW;

  // A file system or a device may know any number, and many change a file that is open for reading. These only ask or
  // change the descriptor: TCGETS, TIOCGPGRP, TIOCGWINSZ, FIONREAD, FIONBIO, FIONCLEX, FIOCLEX, FS_IOC_GETFLAGS, and
  // FICLONE, which writes to the descriptor it is called with.
  const uint32_t ioctls[] = {0x5401, 0x540f, 0x5413, 0x541b, 0x5421, 0x5450, 0x5451, 0x80086601, 0x40049409};
  const unsigned ioctl_count = sizeof ioctls / sizeof *ioctls;
  LINUX_EQUAL(SYS_ioctl, (int)(2 * ioctl_count + 2));
  LINUX_LOAD(args[1]);
  for (unsigned index = 0; index < ioctl_count; index++) {
    LINUX_EQUAL(ioctls[index], 1);
    LINUX_ALLOW;
  }
  LINUX_REFUSE(ENOTTY);

  // Threads and processes, but no namespaces of their own.
  LINUX_EQUAL(SYS_clone, 4);
  LINUX_LOAD(args[0]);
  LINUX_ANY_OF(namespaces, 1);
  LINUX_REFUSE(EPERM);
  LINUX_LOAD(nr);
}

static inline void linux_filter_files(struct linux_filter *filter, struct linux_confinement confinement) {
  const int attributes[] = {
      SYS_fchmod, SYS_fchmodat, SYS_fchown, SYS_fchownat, SYS_utimensat, SYS_setxattr, SYS_lsetxattr, SYS_fsetxattr,
      SYS_removexattr, SYS_lremovexattr, SYS_fremovexattr,
#if defined(__x86_64__)
      SYS_chmod, SYS_chown, SYS_lchown, SYS_utime, SYS_utimes, SYS_futimesat,
#endif
  };
  if (confinement.has_attributes) LINUX_NEVER(attributes, EPERM);
  if (!confinement.can_cut) return;
  const int cut[] = {SYS_truncate};
  LINUX_NEVER(cut, EACCES);
  // A file that is opened for reading only can be cut, too, and one for neither, as both bits together mean. One for writing
  // is known to Landlock.
  const int openings[][2] = {
      {SYS_openat, 2},
#if defined(__x86_64__)
      {SYS_open, 1},
#endif
  };
  for (unsigned index = 0; index < sizeof openings / sizeof *openings; index++) {
    LINUX_EQUAL(openings[index][0], 7);
    LINUX_ADD(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args) + 8 * (unsigned)openings[index][1]);
    LINUX_ADD(BPF_ALU | BPF_AND | BPF_K, O_ACCMODE | O_TRUNC);
    LINUX_EQUAL(O_RDONLY | O_TRUNC, 1);
    LINUX_REFUSE(EACCES);
    LINUX_EQUAL(O_ACCMODE | O_TRUNC, 1);
    LINUX_REFUSE(EACCES);
    LINUX_ALLOW;
  }
}

// A filter cannot tell whose a number is, and every thread of a process has one: so nobody can be signalled but the plugin
// itself and its group, and by its children the group that they are in. Otherwise a plugin could end who counts its
// processes, and other runs.
static inline void linux_filter_processes(struct linux_filter *filter, struct linux_confinement confinement) {
  if (confinement.reach == LINUX_REACH_NONE) return;
  const int never[] = {SYS_ptrace, SYS_process_vm_readv, SYS_process_vm_writev, SYS_process_madvise,
                       SYS_process_mrelease, SYS_pidfd_getfd, SYS_kcmp, SYS_get_robust_list, SYS_setpriority,
                       SYS_ioprio_set, SYS_migrate_pages, SYS_move_pages};
  LINUX_NEVER(never, EPERM);
  const int for_itself[] = {SYS_prlimit64, SYS_sched_setaffinity, SYS_sched_setattr, SYS_sched_setparam,
                            SYS_sched_setscheduler};
  for (unsigned index = 0; index < sizeof for_itself / sizeof *for_itself; index++) {
    LINUX_EQUAL(for_itself[index], 4);
    LINUX_LOAD(args[0]);
    LINUX_EQUAL(0, 1);
    LINUX_ALLOW;
    LINUX_REFUSE(EPERM);
  }
  if (confinement.reach == LINUX_REACH_PROCESSES_WITHOUT_SIGNALS) return;
  const int signals[] = {SYS_tkill, SYS_rt_sigqueueinfo, SYS_rt_tgsigqueueinfo, SYS_pidfd_send_signal};
  LINUX_NEVER(signals, EPERM);
  LINUX_EQUAL(SYS_tgkill, 4);
  LINUX_LOAD(args[0]);
  LINUX_EQUAL(confinement.itself, 1);
  LINUX_ALLOW;
  LINUX_REFUSE(EPERM);
  LINUX_EQUAL(SYS_kill, 8);
  LINUX_LOAD(args[0]);
  LINUX_EQUAL(0, 1);
  LINUX_ALLOW;
  LINUX_EQUAL(confinement.itself, 1);
  LINUX_ALLOW;
  // Its group.
  LINUX_EQUAL(-confinement.itself, 1);
  LINUX_ALLOW;
  LINUX_REFUSE(EPERM);
}

#endif

// Refuses from here on, to this process and all that come of it, what is in the lists above.
//
// Returns -1 and sets errno when it cannot.
static inline int linux_refuse_calls(struct linux_confinement confinement) {
#ifdef LINUX_AUDIT_ARCH
  struct linux_filter memory = {.count = 0}, *filter = &memory;
  linux_filter_always(filter);
  linux_filter_files(filter, confinement);
  linux_filter_processes(filter, confinement);
  LINUX_ALLOW;
  if (filter->rules[filter->count - 1].k != SECCOMP_RET_ALLOW) {
    errno = E2BIG;
    return -1;
  }
  struct sock_fprog program = {.len = filter->count, .filter = filter->rules};
  return (int)syscall(SYS_seccomp, (long)SECCOMP_SET_MODE_FILTER, 0L, &program);
#else
  errno = ENOSYS;
  return -1;
#endif
}

#undef LINUX_ADD
#undef LINUX_LOAD
#undef LINUX_ALLOW
#undef LINUX_REFUSE
#undef LINUX_EQUAL
#undef LINUX_AT_LEAST
#undef LINUX_ANY_OF
#undef LINUX_NEVER
