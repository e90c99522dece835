// Tries what a plugin might do to others, and prints a line for each attempt: what, a tab, and "done" or the error.
//
//   reach OUTSIDE PROCESS
//
// OUTSIDE is a folder that file permissions let it write to, with `file`, `folder`, a datagram socket `datagrams` and a
// listening socket `streams`; PROCESS is another process of its user. The current folder is its own. Compile it with:
// clang -pthread -o reach reach.c
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utime.h>

#define TRY(what, ...) report(what, (errno = 0, (long)(__VA_ARGS__)))

static char paths[4][4096];
static const char *outside;
static pid_t other;

static void report(const char *what, long result) {
  printf("%s\t%s\n", what, result < 0 ? strerrorname_np(errno) : "done");
  fflush(stdout);
}

static const char *path(const char *name) {
  static int next;
  char *buffer = paths[next++ % 4];
  snprintf(buffer, sizeof paths[0], "%s/%s", outside, name);
  return buffer;
}

static int try(const char *path, int flags) {
  int file = open(path, flags | O_CLOEXEC, 0600);
  if (file >= 0) close(file);
  return file;
}

static int make(const char *path) { return try(path, O_CREAT | O_RDWR); }

static struct sockaddr_un address(const char *name) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  snprintf(address.sun_path, sizeof address.sun_path, "%s", path(name));
  return address;
}

static int pair(int kind) {
  int ends[2] = {-1, -1};
  return socketpair(AF_UNIX, kind, 0, ends) < 0 ? -1 : ends[0];
}

static long sendAcross(void) {
  int ends[2];
  char byte = 'x';
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0) return -1;
  if (send(ends[0], &byte, 1, 0) != 1) return -1;
  return recv(ends[1], &byte, 1, 0) == 1 ? 0 : -1;
}

static long sendTo(const char *name) {
  struct sockaddr_un to = address(name);
  int socket = pair(SOCK_DGRAM);
  return socket < 0 ? -1 : sendto(socket, "x", 1, 0, (struct sockaddr *)&to, sizeof to);
}

static long connectTo(int kind, const char *name) {
  struct sockaddr_un to = address(name);
  int socket = pair(kind);
  return socket < 0 ? -1 : connect(socket, (struct sockaddr *)&to, sizeof to);
}

static long bindPair(void) {
  struct sockaddr_un own = {.sun_family = AF_UNIX, .sun_path = "own-socket"};
  int socket = pair(SOCK_STREAM);
  return socket < 0 ? -1 : bind(socket, (struct sockaddr *)&own, sizeof own);
}

static long spawn(void) {
  pid_t child = fork();
  if (child == 0) _exit(0);
  return child < 0 ? -1 : waitpid(child, 0, 0);
}

static void *nothing(void *argument) { return argument; }

static long thread(void) {
  pthread_t thread;
  int code = pthread_create(&thread, 0, nothing, 0);
  if (code == 0) return pthread_join(thread, 0);
  errno = code;
  return -1;
}

// What a child has started ends with the child's group.
static long endOwnGroup(void) {
  pid_t child = fork();
  if (child < 0) return -1;
  if (child == 0) {
    setpgid(0, 0);
    if (fork() == 0) while (1) pause();
    _exit(kill(0, SIGKILL) != 0);
  }
  int status = 0;
  if (waitpid(child, &status, 0) < 0) return -1;
  errno = EPERM;
  return WIFSIGNALED(status) ? 0 : -1;
}

// Of whose end the daemon would hear, and not of what lives on. The first process of a namespace takes no signal of its own.
static long killSupervisor(int group) {
  pid_t parent = getppid();
  errno = EPERM;
  return parent == 1 ? -1 : kill(group ? -parent : parent, 0);
}

static long signalItself(void) {
  signal(SIGUSR1, SIG_IGN);
  return kill(getpid(), SIGUSR1) < 0 || raise(SIGUSR1) != 0 ? -1 : 0;
}

static long lockOwn(void) {
  int file = open("own", O_RDWR | O_CREAT, 0600);
  struct flock lock = {.l_type = F_WRLCK};
  return file < 0 ? -1 : fcntl(file, F_SETLK, &lock);
}

static long clonedNamespace(void) {
  long child = syscall(SYS_clone, (long)(CLONE_NEWUSER | SIGCHLD), 0, 0, 0, 0);
  if (child == 0) _exit(0);
  return child < 0 ? -1 : waitpid((pid_t)child, 0, 0);
}

static long clone3Namespace(void) {
  unsigned long arguments[8] = {CLONE_NEWUSER, 0, 0, 0, SIGCHLD};
  long child = syscall(SYS_clone3, arguments, sizeof arguments);
  if (child == 0) _exit(0);
  return child < 0 ? -1 : waitpid((pid_t)child, 0, 0);
}

static long signalByDescriptor(int command) {
  int ends[2];
  if (pipe(ends) < 0) return -1;
  return fcntl(ends[0], command, command == F_SETOWN ? other : SIGKILL);
}

static long signalByProcessDescriptor(void) {
  int process = (int)syscall(SYS_pidfd_open, (long)other, 0L);
  return process < 0 ? -1 : syscall(SYS_pidfd_send_signal, (long)process, 0L, (void *)0, 0L);
}

static long readMemory(void) {
  char byte;
  struct iovec here = {&byte, 1}, there = {(void *)8, 1};
  long result = process_vm_readv(other, &here, 1, &there, 1, 0);
  // Nothing is there, but it may look.
  return result < 0 && errno == EFAULT ? 0 : result;
}

static long openOf(const char *name, int flags) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%d/%s", other, name);
  return open(path, flags | O_CLOEXEC);
}

static long affinity(pid_t process) {
  cpu_set_t set;
  if (sched_getaffinity(process, sizeof set, &set) < 0) return -1;
  return sched_setaffinity(process, sizeof set, &set);
}

static long attributesAt(const char *name, int number) {
  struct {
    unsigned long value;
    unsigned int size, flags;
  } arguments = {(unsigned long)"x", 1, 0};
  if (number == 452) return syscall(number, (long)AT_FDCWD, path(name), 0600L, 0L);
  return syscall(number, (long)AT_FDCWD, path(name), 0L, "user.b", &arguments, sizeof arguments);
}

static long handle(void) {
  struct {
    struct file_handle head;
    char bytes[128];
  } handle = {.head = {.handle_bytes = 128}};
  int mount;
  return name_to_handle_at(AT_FDCWD, path("file"), &handle.head, &mount, 0);
}

// Makes one of System V's objects, and removes it.
static long shared(int make, int control, long size) {
  long made = make == SYS_msgget ? syscall(make, 0L, 0600L) : syscall(make, 0L, size, 0600L);
  // IPC_RMID is 0: the third argument of semctl, the second of the others.
  if (made >= 0) control == SYS_semctl ? syscall(control, made, 0L, 0L) : syscall(control, made, 0L, (void *)0);
  return made;
}

int main(int count, char **arguments) {
  if (count != 3) return 64;
  outside = arguments[1];
  other = atoi(arguments[2]);
  const struct timespec times[2] = {{1, 0}, {1, 0}};
  unsigned int flags = 0x40;
  char argument[128] = {0};

  printf("-- its own\n");
  TRY("make a file", make("own"));
  TRY("make a folder", mkdir("own-folder", 0700));
  TRY("rename a file", rename("own", "own-folder/own"));
  TRY("cut a file it writes", ftruncate(open("own", O_CREAT | O_RDWR, 0600), 1));
  TRY("lock a file", lockOwn());
  TRY("send across a pair of streams", sendAcross());
  TRY("start a process", spawn());
  TRY("start a thread", thread());
  TRY("end its own group", endOwnGroup());
  TRY("signal itself", signalItself());
  TRY("look for bytes in a pipe", ioctl(STDIN_FILENO, FIONREAD, argument));
  TRY("read a file of another", open(path("file"), O_RDONLY));
  printf("-- attributes of its own\n");
  TRY("change its mode", chmod("own", 0700));
  TRY("change its times", utimensat(AT_FDCWD, "own", times, 0));

  printf("-- sockets\n");
  TRY("internet", socket(AF_INET, SOCK_STREAM, 0));
  TRY("of the machine", socket(AF_UNIX, SOCK_DGRAM, 0));
  TRY("of the kernel", socket(AF_NETLINK, SOCK_RAW, 0));
  TRY("a pair of datagram sockets", pair(SOCK_DGRAM));
  TRY("a pair of packet sockets", pair(SOCK_SEQPACKET));
  TRY("send to a socket of another", sendTo("datagrams"));
  TRY("connect to a socket of another", connectTo(SOCK_DGRAM, "datagrams"));
  TRY("call another", connectTo(SOCK_STREAM, "streams"));
  TRY("have an address", bindPair());
  TRY("io_uring", syscall(SYS_io_uring_setup, 1L, argument));

  printf("-- files\n");
  int file = open(path("file"), O_RDONLY);
  TRY("open for writing", try(path("file"), O_WRONLY));
  TRY("cut", truncate(path("file"), 0));
  TRY("cut while reading", try(path("file"), O_TRUNC));
  TRY("cut while doing neither", try(path("file"), O_ACCMODE | O_TRUNC));
  TRY("make", make(path("new")));
  TRY("make a folder outside", mkdir(path("new-folder"), 0700));
  TRY("make a link", symlink("file", path("link")));
  TRY("make a pipe", mkfifo(path("pipe"), 0600));
  TRY("rename", rename(path("file"), path("renamed")));
  if (access(path("file"), F_OK) != 0) rename(path("renamed"), path("file"));
  TRY("link from outside", link(path("file"), "linked"));
  make("mine");
  TRY("link to outside", link("mine", path("linked")));
  TRY("move to outside", rename("mine", path("moved")));
  TRY("remove a folder", rmdir(path("folder")));
  TRY("chmod", chmod(path("file"), 0646));
  TRY("fchmod", fchmod(file, 0646));
  TRY("fchmodat2", attributesAt("file", 452));
  TRY("chown", chown(path("file"), getuid(), getgid()));
  TRY("lchown", lchown(path("file"), getuid(), getgid()));
  TRY("fchown", fchown(file, getuid(), getgid()));
  TRY("utimes", utimes(path("file"), 0));
  TRY("utimensat", utimensat(AT_FDCWD, path("file"), times, 0));
  TRY("futimens", futimens(file, times));
  TRY("setxattr", syscall(SYS_setxattr, path("file"), "user.a", "x", 1L, 0L));
  TRY("fsetxattr", syscall(SYS_fsetxattr, (long)file, "user.a", "x", 1L, 0L));
  TRY("setxattrat", attributesAt("file", 463));
  TRY("removexattr", syscall(SYS_removexattr, path("file"), "user.a"));
  TRY("flags", ioctl(file, 0x40086602, &flags));
  TRY("ioctl that nobody needs", ioctl(file, 0x5460, argument));
  TRY("flock", flock(file, LOCK_EX | LOCK_NB));
  TRY("lease", fcntl(file, F_SETLEASE, F_RDLCK));
  TRY("news of a file", inotify_add_watch(inotify_init1(IN_CLOEXEC), path("file"), IN_OPEN));
  TRY("news of a folder", fcntl(open(outside, O_RDONLY), F_NOTIFY, DN_MODIFY));
  TRY("handle", handle());
  TRY("write to all disks", syscall(SYS_sync));
  TRY("write to a disk", syncfs(file));
  TRY("make in /dev/shm", make("/dev/shm/muster-reach"));
  unlink("/dev/shm/muster-reach");

  printf("-- processes\n");
  TRY("kill", kill(other, 0));
  TRY("kill its group", kill(-getpgid(other), 0));
  TRY("kill who looks after it", killSupervisor(0));
  TRY("kill the group of who looks after it", killSupervisor(1));
  TRY("kill a thread", syscall(SYS_tgkill, (long)other, (long)other, 0L));
  TRY("kill by descriptor", signalByProcessDescriptor());
  TRY("F_SETOWN", signalByDescriptor(F_SETOWN));
  TRY("F_SETSIG", signalByDescriptor(F_SETSIG));
  TRY("limits", prlimit(other, RLIMIT_NOFILE, 0, 0));
  TRY("priority", setpriority(PRIO_PROCESS, (id_t)other, 19));
  TRY("priority of disks", syscall(SYS_ioprio_set, 1L, (long)other, 3L << 13));
  TRY("cores", affinity(other));
  TRY("trace", ptrace(PTRACE_SEIZE, other, 0, 0));
  TRY("read memory", readMemory());
  TRY("open memory", openOf("mem", O_RDONLY));
  TRY("read environment", openOf("environ", O_RDONLY));
  TRY("choose for the end of memory", openOf("oom_score_adj", O_WRONLY));
  TRY("compare", syscall(SYS_kcmp, (long)getpid(), (long)other, 0L, 0L, 0L));

  printf("-- the machine\n");
  TRY("unshare", clone3Namespace());
  TRY("clone", clonedNamespace());
  TRY("shared memory", shared(SYS_shmget, SYS_shmctl, 4096));
  TRY("semaphores", shared(SYS_semget, SYS_semctl, 1));
  TRY("messages", shared(SYS_msgget, SYS_msgctl, 0));
  TRY("queues", syscall(SYS_mq_open, "muster-reach", (long)(O_CREAT | O_RDWR), 0600L, (void *)0));
  syscall(SYS_mq_unlink, "muster-reach");
  TRY("keys", syscall(SYS_add_key, "user", "muster-reach", "x", 1L, -4L));
  TRY("files without a folder", syscall(SYS_memfd_create, "reach", 0L));
  TRY("requests of disks", syscall(SYS_io_setup, 1L, argument));
  TRY("mounts", syscall(SYS_umount2, ".", 0L));
  TRY("namespaces of others", setns(open("/proc/self/ns/uts", O_RDONLY), 0));
  TRY("root", chroot("."));
  TRY("more files", setrlimit(RLIMIT_NOFILE, &(struct rlimit){1 << 16, 1 << 16}));
  TRY("more weight", nice(-1));
  return 0;
}
