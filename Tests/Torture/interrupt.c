// interrupt: runs a program and lets the nth of its system calls fail, or kills it there.
//
//   interrupt --program NAME --calls A,B [--about TEXT] [--from TEXT] [--nth N --fault FAULT] [--lasting]
//     [--no-tmpfile] [--report FILE] [--control FILE] -- PROGRAM ARGS...
//
// Calls are counted over all threads and processes that run NAME, from its entry point on: what the dynamic loader cannot do
// ends a program before its first instruction. (strace's fault injection counts for each thread on its own, so a thread's
// place in a pool would decide which call it meets.)
//
// FAULT is the name of an error, which the call then returns without having been done; "short", which has a read or a write
// be of half the bytes; "kill-before" or "kill-after", which ends the process by SIGKILL instead of the call, or right after
// it. With --lasting all calls from the nth on fail. With --about those calls alone are counted that are about a path or file with TEXT
// in it; with --from all from the first such one on. With --no-tmpfile the file system seems to have no files without names (O_TMPFILE).
//
// With --control calls are counted between SIGUSR1 and SIGUSR2 alone. At SIGUSR1 it reads of FILE, in one line, N, FAULT (or -),
// whether it is lasting (0 or 1), the calls and what they are about (or -), and begins to count and to report anew.
//
// The report has a line for each call that was counted: number, name, what it was about, and FAULT if that befell it.
// It ends as the program does, with 128 and the number of the signal if it is one, and with 125 where ptrace is not allowed.

#define _GNU_SOURCE
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef __x86_64__
#error "registers are those of x86_64"
#endif

// Which argument is a path (with the folder before it), or a descriptor; -1 for none.
static const struct call {
  const char *name;
  long number;
  int path, descriptor;
} known[] = {
    {"open", SYS_open, 0, -1}, {"openat", SYS_openat, 1, -1}, {"read", SYS_read, -1, 0},
    {"pread64", SYS_pread64, -1, 0}, {"readv", SYS_readv, -1, 0}, {"write", SYS_write, -1, 0},
    {"pwrite64", SYS_pwrite64, -1, 0}, {"writev", SYS_writev, -1, 0}, {"fsync", SYS_fsync, -1, 0},
    {"fdatasync", SYS_fdatasync, -1, 0}, {"rename", SYS_rename, 0, -1}, {"renameat", SYS_renameat, 1, -1},
    {"renameat2", SYS_renameat2, 1, -1}, {"link", SYS_link, 0, -1}, {"linkat", SYS_linkat, 1, -1},
    {"unlink", SYS_unlink, 0, -1}, {"unlinkat", SYS_unlinkat, 1, -1}, {"symlinkat", SYS_symlinkat, 0, -1},
    {"mkdir", SYS_mkdir, 0, -1}, {"mkdirat", SYS_mkdirat, 1, -1}, {"ftruncate", SYS_ftruncate, -1, 0},
    {"fallocate", SYS_fallocate, -1, 0}, {"lseek", SYS_lseek, -1, 0}, {"mmap", SYS_mmap, -1, 4},
    {"socket", SYS_socket, -1, -1}, {"connect", SYS_connect, -1, 0}, {"bind", SYS_bind, -1, 0},
    {"listen", SYS_listen, -1, 0}, {"accept4", SYS_accept4, -1, 0}, {"sendmsg", SYS_sendmsg, -1, 0},
    {"sendto", SYS_sendto, -1, 0}, {"recvmsg", SYS_recvmsg, -1, 0}, {"recvfrom", SYS_recvfrom, -1, 0},
    {"shutdown", SYS_shutdown, -1, 0}, {"getsockopt", SYS_getsockopt, -1, 0}, {"setsockopt", SYS_setsockopt, -1, 0},
    {"socketpair", SYS_socketpair, -1, -1}, {"poll", SYS_poll, -1, -1}, {"ppoll", SYS_ppoll, -1, -1},
    {"epoll_create1", SYS_epoll_create1, -1, -1}, {"epoll_ctl", SYS_epoll_ctl, -1, 0},
    {"epoll_wait", SYS_epoll_wait, -1, 0}, {"epoll_pwait", SYS_epoll_pwait, -1, 0}, {"eventfd2", SYS_eventfd2, -1, -1},
    {"timerfd_create", SYS_timerfd_create, -1, -1}, {"clone", SYS_clone, -1, -1}, {"clone3", SYS_clone3, -1, -1},
    {"fork", SYS_fork, -1, -1}, {"vfork", SYS_vfork, -1, -1}, {"execve", SYS_execve, 0, -1}, {"wait4", SYS_wait4, -1, -1},
    {"pipe2", SYS_pipe2, -1, -1}, {"dup", SYS_dup, -1, 0}, {"dup2", SYS_dup2, -1, 0}, {"dup3", SYS_dup3, -1, 0},
    {"fcntl", SYS_fcntl, -1, 0}, {"flock", SYS_flock, -1, 0}, {"ioctl", SYS_ioctl, -1, 0},
    {"getdents64", SYS_getdents64, -1, 0}, {"newfstatat", SYS_newfstatat, 1, -1}, {"fstat", SYS_fstat, -1, 0},
    {"stat", SYS_stat, 0, -1}, {"lstat", SYS_lstat, 0, -1}, {"statx", SYS_statx, 1, -1}, {"fstatfs", SYS_fstatfs, -1, 0},
    {"access", SYS_access, 0, -1}, {"faccessat2", SYS_faccessat2, 1, -1}, {"readlink", SYS_readlink, 0, -1},
    {"readlinkat", SYS_readlinkat, 1, -1}, {"getcwd", SYS_getcwd, -1, -1}, {"chdir", SYS_chdir, 0, -1},
    {"fchdir", SYS_fchdir, -1, 0}, {"fchmod", SYS_fchmod, -1, 0}, {"fchmodat", SYS_fchmodat, 1, -1},
    {"fchown", SYS_fchown, -1, 0}, {"fchownat", SYS_fchownat, 1, -1}, {"utimensat", SYS_utimensat, -1, 0},
    {"fgetxattr", SYS_fgetxattr, -1, 0}, {"fsetxattr", SYS_fsetxattr, -1, 0}, {"flistxattr", SYS_flistxattr, -1, 0},
    {"fremovexattr", SYS_fremovexattr, -1, 0}, {"getrandom", SYS_getrandom, -1, -1}, {"setpriority", SYS_setpriority, -1, -1},
    {"prlimit64", SYS_prlimit64, -1, -1}, {"prctl", SYS_prctl, -1, -1}, {"unshare", SYS_unshare, -1, -1},
    {"mount", SYS_mount, 1, -1}, {"umount2", SYS_umount2, 0, -1}, {"pivot_root", SYS_pivot_root, 0, -1},
    {"setsid", SYS_setsid, -1, -1}, {"setpgid", SYS_setpgid, -1, -1}, {"setresuid", SYS_setresuid, -1, -1},
    {"setresgid", SYS_setresgid, -1, -1}, {"setgroups", SYS_setgroups, -1, -1}, {"close_range", SYS_close_range, -1, -1},
    {"seccomp", SYS_seccomp, -1, -1}, {"pidfd_open", SYS_pidfd_open, -1, -1}, {"waitid", SYS_waitid, -1, -1},
    {"openat2", SYS_openat2, 1, -1}, {"memfd_create", SYS_memfd_create, -1, -1}, {"inotify_init1", SYS_inotify_init1, -1, -1},
    {"copy_file_range", SYS_copy_file_range, -1, 0}, {"sendfile", SYS_sendfile, -1, 0},
};
static const struct {
  const char *name;
  int code;
} errors[] = {
    {"ENOSPC", ENOSPC}, {"EIO", EIO}, {"EMFILE", EMFILE}, {"ENFILE", ENFILE}, {"ENOMEM", ENOMEM}, {"EINTR", EINTR},
    {"EAGAIN", EAGAIN}, {"EDQUOT", EDQUOT}, {"EPERM", EPERM}, {"EACCES", EACCES}, {"EROFS", EROFS}, {"EXDEV", EXDEV},
    {"EOPNOTSUPP", EOPNOTSUPP}, {"EINVAL", EINVAL}, {"ECONNREFUSED", ECONNREFUSED}, {"ECONNABORTED", ECONNABORTED},
    {"ECONNRESET", ECONNRESET}, {"EPIPE", EPIPE}, {"ENOLCK", ENOLCK}, {"EBADF", EBADF}, {"ENOENT", ENOENT},
    {"ENOTSOCK", ENOTSOCK}, {"ENOSYS", ENOSYS}, {"ENOBUFS", ENOBUFS}, {"EBUSY", EBUSY},
};

#define COUNT(array) (sizeof(array) / sizeof *(array))
enum { LIMIT = 1 << 16 };

// What is known of a thread, by its number; it is found by going through them, which are few.
static struct thread {
  pid_t id, process;
  // The error that its call is to return, or 0.
  int fails;
  bool used, dies;
} threads[LIMIT];
static int threadCount;

static const char *program, *fault, *from, *about, *control;
static bool wanted[COUNT(known)], lasting, noTemporaryFile;
static volatile sig_atomic_t counting = 1, isToldAnew;
static long count, nth;
static int code, reportFile = -1;

static void onSignal(int number) { counting = isToldAnew = number == SIGUSR1; }

static void die(const char *what) {
  fprintf(stderr, "interrupt: %s: %s\n", what, strerror(errno));
  exit(125);
}

static void takeCalls(char *calls) {
  memset(wanted, 0, sizeof wanted);
  for (char *name = strtok(calls, ","); name; name = strtok(NULL, ",")) {
    bool found = false;
    for (size_t i = 0; i < COUNT(known); i++) {
      if (strcmp(known[i].name, name) == 0) wanted[i] = found = true;
    }
    errno = EINVAL;
    if (!found) die(name);
  }
}

static void takeFault(const char *name) {
  fault = name;
  code = 0;
  if (!name || name[0] != 'E') return;
  for (size_t i = 0; i < COUNT(errors); i++) {
    if (strcmp(errors[i].name, name) == 0) code = errors[i].code;
  }
  errno = EINVAL;
  if (!code) die(name);
}

static void takeControl(void) {
  static char name[32], calls[4096], text[PATH_MAX];
  int isLasting = 0;
  FILE *file = fopen(control, "re");
  if (!file || fscanf(file, "%ld %31s %d %4095s %4095[^\n]", &nth, name, &isLasting, calls, text) != 5) die("read the control file");
  fclose(file);
  lasting = isLasting;
  about = strcmp(text, "-") == 0 ? NULL : text;
  takeFault(strcmp(name, "-") == 0 ? NULL : name);
  takeCalls(calls);
  count = 0;
  if (reportFile >= 0 && ftruncate(reportFile, 0)) die("write the report");
}

static struct thread *find(pid_t id) {
  struct thread *unused = NULL;
  for (int i = 0; i < threadCount; i++) {
    if (threads[i].used && threads[i].id == id) return &threads[i];
    if (!threads[i].used) unused = &threads[i];
  }
  if (!unused) {
    if (threadCount == LIMIT) die("too many threads");
    unused = &threads[threadCount++];
  }
  *unused = (struct thread){.id = id, .process = id, .used = true};
  char path[64], line[256];
  snprintf(path, sizeof path, "/proc/%d/status", id);
  FILE *status = fopen(path, "re");
  while (status && fgets(line, sizeof line, status)) sscanf(line, "Tgid: %d", &unused->process);
  if (status) fclose(status);
  return unused;
}

// Which processes run the program and have come to its entry point; and the instruction that stands there.
static struct process {
  pid_t id;
  bool used, runs;
  unsigned long entry;
  long instruction;
} processes[LIMIT];
static int processCount;

static struct process *process(pid_t id) {
  struct process *unused = NULL;
  for (int i = 0; i < processCount; i++) {
    if (processes[i].used && processes[i].id == id) return &processes[i];
    if (!processes[i].used) unused = &processes[i];
  }
  if (!unused) {
    if (processCount == LIMIT) die("too many processes");
    unused = &processes[processCount++];
  }
  *unused = (struct process){.id = id, .used = true};
  return unused;
}

static void afterExec(pid_t id) {
  struct process *it = process(id);
  it->runs = false;
  it->entry = 0;
  char path[64], executable[PATH_MAX];
  snprintf(path, sizeof path, "/proc/%d/exe", id);
  ssize_t length = readlink(path, executable, sizeof executable - 1);
  if (length < 0) return;
  executable[length] = 0;
  const char *name = strrchr(executable, '/');
  if (strcmp(name ? name + 1 : executable, program) != 0) return;
  snprintf(path, sizeof path, "/proc/%d/auxv", id);
  int file = open(path, O_RDONLY | O_CLOEXEC);
  Elf64_auxv_t entry;
  while (file >= 0 && read(file, &entry, sizeof entry) == sizeof entry) {
    if (entry.a_type == AT_ENTRY) it->entry = entry.a_un.a_val;
  }
  if (file >= 0) close(file);
  errno = 0;
  it->instruction = ptrace(PTRACE_PEEKTEXT, id, it->entry, 0);
  if (errno) die("read the entry point");
  if (ptrace(PTRACE_POKETEXT, id, it->entry, (it->instruction & ~0xffL) | 0xcc)) die("write the entry point");
}

// Whether the program has come to its entry point by this trap.
static bool enters(pid_t id) {
  struct process *it = process(id);
  struct user_regs_struct registers;
  if (!it->entry || it->runs || ptrace(PTRACE_GETREGS, id, 0, &registers)) return false;
  if (registers.rip != it->entry + 1) return false;
  registers.rip = it->entry;
  ptrace(PTRACE_POKETEXT, id, it->entry, it->instruction);
  ptrace(PTRACE_SETREGS, id, 0, &registers);
  it->runs = true;
  return true;
}

static void report(const char *format, ...) {
  if (reportFile < 0) return;
  char line[2 * PATH_MAX];
  va_list arguments;
  va_start(arguments, format);
  int length = vsnprintf(line, sizeof line, format, arguments);
  va_end(arguments);
  if (length > (int)sizeof line - 1) length = sizeof line - 1;
  if (write(reportFile, line, length) != length) die("write the report");
}

// What the call is about, without line breaks.
static void describe(pid_t id, const struct call *call, const __uint64_t *arguments, char *text, size_t size) {
  *text = 0;
  if (call->path >= 0) {
    struct iovec own = {text, size - 1}, other = {(void *)arguments[call->path], size - 1};
    // A page that is not there ends it early, but paths are short.
    ssize_t length = process_vm_readv(id, &own, 1, &other, 1, 0);
    if (length < 0) {
      other.iov_len = own.iov_len = 4096 - (arguments[call->path] & 4095) < size - 1 ? 4096 - (arguments[call->path] & 4095) : size - 1;
      length = process_vm_readv(id, &own, 1, &other, 1, 0);
    }
    text[length < 0 ? 0 : length] = 0;
  } else if (call->descriptor >= 0) {
    char path[64], target[PATH_MAX];
    snprintf(path, sizeof path, "/proc/%d/fd/%d", id, (int)arguments[call->descriptor]);
    ssize_t length = readlink(path, target, sizeof target - 1);
    target[length < 0 ? 0 : length] = 0;
    int used = snprintf(text, size, "%d %s", (int)arguments[call->descriptor], target);
    // What these do is told by their second argument.
    if ((call->number == SYS_fcntl || call->number == SYS_ioctl) && used < (int)size) {
      snprintf(text + used, size - used, " command %u", (unsigned)arguments[1]);
    }
  }
  for (char *at = text; *at; at++) {
    if (*at == '\n') *at = ' ';
  }
}

static void setResult(pid_t id, bool skip, long result, bool half) {
  struct user_regs_struct registers;
  if (ptrace(PTRACE_GETREGS, id, 0, &registers)) return;
  if (half) registers.rdx = registers.rdx > 1 ? registers.rdx / 2 : registers.rdx;
  else if (skip) registers.orig_rax = -1;
  else registers.rax = result;
  ptrace(PTRACE_SETREGS, id, 0, &registers);
}

static void atCall(struct thread *thread) {
  struct __ptrace_syscall_info info;
  if (ptrace(PTRACE_GET_SYSCALL_INFO, thread->id, sizeof info, &info) <= 0) return;
  if (info.op == PTRACE_SYSCALL_INFO_EXIT) {
    if (thread->fails) setResult(thread->id, false, -thread->fails, false);
    if (thread->dies) kill(thread->process, SIGKILL);
    thread->fails = 0;
    thread->dies = false;
    return;
  }
  if (info.op != PTRACE_SYSCALL_INFO_ENTRY || !process(thread->process)->runs) return;
  // O_TMPFILE without O_DIRECTORY, which is part of it.
  if (noTemporaryFile && info.entry.nr == SYS_openat && (info.entry.args[2] & 020000000)) {
    setResult(thread->id, true, 0, false);
    thread->fails = EOPNOTSUPP;
    return;
  }
  if (!counting) return;
  if (isToldAnew) {
    isToldAnew = 0;
    takeControl();
  }
  const struct call *call = NULL;
  for (size_t i = 0; i < COUNT(known); i++) {
    if (wanted[i] && known[i].number == (long)info.entry.nr) call = &known[i];
  }
  if (!call) return;
  // Memory that malloc(3) asks for: Swift ends a program that does not get it, which is not in our hands. Threads' stacks and
  // files are another matter.
  if (call->number == SYS_mmap && (int)info.entry.args[4] < 0 && !(info.entry.args[3] & MAP_STACK)) return;
  char subject[512];
  describe(thread->id, call, info.entry.args, subject, sizeof subject);
  if ((from && count == 0 && !strstr(subject, from)) || (about && !strstr(subject, about))) return;
  count++;
  bool meets = fault && (lasting ? count >= nth : count == nth);
  report("%ld %s %s%s%s\n", count, call->name, subject, meets ? " FAULT " : "", meets ? fault : "");
  if (!meets) return;
  if (strcmp(fault, "kill-before") == 0) {
    setResult(thread->id, true, 0, false);
    kill(thread->process, SIGKILL);
  } else if (strcmp(fault, "kill-after") == 0) {
    thread->dies = true;
  } else if (strcmp(fault, "short") == 0) {
    setResult(thread->id, false, 0, true);
  } else {
    setResult(thread->id, true, 0, false);
    thread->fails = code;
  }
}

int main(int argc, char **argv) {
  int at = 1;
  char *calls = NULL;
  for (; at < argc && strcmp(argv[at], "--") != 0; at++) {
    if (strcmp(argv[at], "--lasting") == 0) lasting = true;
    else if (strcmp(argv[at], "--no-tmpfile") == 0) noTemporaryFile = true;
    else if (at + 1 == argc) die("an option lacks its value");
    else if (strcmp(argv[at], "--program") == 0) program = argv[++at];
    else if (strcmp(argv[at], "--calls") == 0) calls = argv[++at];
    else if (strcmp(argv[at], "--nth") == 0) nth = atol(argv[++at]);
    else if (strcmp(argv[at], "--fault") == 0) takeFault(argv[++at]);
    else if (strcmp(argv[at], "--from") == 0) from = argv[++at];
    else if (strcmp(argv[at], "--about") == 0) about = argv[++at];
    else if (strcmp(argv[at], "--control") == 0) { control = argv[++at]; counting = 0; }
    else if (strcmp(argv[at], "--report") == 0) reportFile = open(argv[++at], O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
    else { errno = EINVAL; die(argv[at]); }
  }
  if (!program || !calls || at + 1 >= argc) { errno = EINVAL; die("--program, --calls and a program"); }
  takeCalls(calls);
  struct sigaction action = {.sa_handler = onSignal, .sa_flags = SA_RESTART};
  sigaction(SIGUSR1, &action, NULL);
  sigaction(SIGUSR2, &action, NULL);

  pid_t first = fork();
  if (first < 0) die("fork");
  if (first == 0) {
    raise(SIGSTOP);
    execv(argv[at + 1], argv + at + 1);
    die(argv[at + 1]);
  }
  int status;
  if (waitpid(first, &status, WUNTRACED) != first) die("wait");
  long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC |
                 PTRACE_O_EXITKILL;
  if (ptrace(PTRACE_SEIZE, first, 0, options)) {
    int error = errno;
    kill(first, SIGKILL);
    errno = error;
    die("ptrace is not permitted");
  }
  kill(first, SIGCONT);

  int ended = 0;
  while (true) {
    pid_t id = waitpid(-1, &status, __WALL);
    if (id < 0) {
      if (errno == EINTR) continue;
      break;
    }
    struct thread *thread = find(id);
    if (!WIFSTOPPED(status)) {
      thread->used = false;
      if (thread->process == id) process(id)->used = false;
      if (id == first) ended = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
      continue;
    }
    int signal = WSTOPSIG(status), event = status >> 16, deliver = 0;
    if (signal == (SIGTRAP | 0x80)) {
      atCall(thread);
    } else if (event == PTRACE_EVENT_EXEC) {
      thread->process = id;
      thread->fails = 0;
      thread->dies = false;
      afterExec(id);
    } else if (event == PTRACE_EVENT_FORK || event == PTRACE_EVENT_VFORK || event == PTRACE_EVENT_CLONE) {
      unsigned long new = 0;
      ptrace(PTRACE_GETEVENTMSG, id, 0, &new);
      // A process that was forked runs what its parent does. One that is a thread, or waits for nobody, changes nothing by it.
      struct thread *other = find(new);
      if (other->process == (pid_t)new) process(new)->runs = process(thread->process)->runs;
    } else if (event == PTRACE_EVENT_STOP) {
      // A process that was stopped stays it, until somebody has it go on.
      if (signal == SIGSTOP || signal == SIGTSTP || signal == SIGTTIN || signal == SIGTTOU) {
        ptrace(PTRACE_LISTEN, id, 0, 0);
        continue;
      }
    } else if (event == 0 && !(signal == SIGTRAP && enters(id))) {
      deliver = signal;
    }
    ptrace(PTRACE_SYSCALL, id, 0, deliver);
  }
  report("end %ld\n", count);
  return ended;
}
