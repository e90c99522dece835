#!/usr/bin/env python3
"""Tries what a plugin must not do, and reports what came of each attempt."""
import ctypes
import fcntl
import json
import mmap
import os
import pwd
import socket
import sys

libc = ctypes.CDLL(None, use_errno=True)
status = dict(line.split(":\t", 1) for line in open("/proc/self/status").read().splitlines() if ":\t" in line)


def daemon():
    """The process that the launcher was started by, or the nearest to it that can be seen."""
    pid = os.getpid()
    while True:
        fields = dict(line.split(":\t", 1) for line in open(f"/proc/{pid}/status").read().splitlines() if ":\t" in line)
        parent = int(fields["PPid"])
        if parent <= 1:
            return pid
        pid = parent


def attempt(what, action):
    try:
        result = action()
    except OSError:
        result = "refused"
    print(json.dumps({"attempt": what, "result": "done" if result is None else str(result)}))


def write(folder):
    path = os.path.join(folder, "probe")
    with open(path, "w") as file:
        file.write("x")
    os.remove(path)


def connect(path):
    with socket.socket(socket.AF_UNIX) as peer:
        peer.connect(path)


def unshare(flags):
    if libc.unshare(flags) != 0:
        raise OSError(ctypes.get_errno(), "unshare")


def user():
    return pwd.getpwuid(os.getuid()).pw_name


def room():
    size = os.statvfs(".")
    return f"{size.f_blocks * size.f_frsize >> 20} MiB"


def memory():
    with open(f"/proc/{daemon()}/mem", "rb"):
        pass


def call(number, *arguments):
    arguments = [ctypes.c_char_p(word) if isinstance(word, bytes) else ctypes.c_long(word) for word in arguments]
    if libc.syscall(ctypes.c_long(number), *arguments) == -1:
        raise OSError(ctypes.get_errno(), "syscall")


def send(path):
    pair = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    pair[0].sendto(b"probe", path)


def owned():
    """What belongs to the daemon's user and lies outside of the own folder: a file, or a folder where there is none."""
    folders = []
    for top in ("/var/lib/musterd", "/var/lib/private/musterd", "/run/musterd", "/var/lib/muster-exports"):
        for folder, _, names in os.walk(top):
            folders.append(folder)
            for path in [os.path.join(folder, name) for name in names]:
                if os.lstat(path).st_uid == os.getuid() and not path.startswith(os.path.dirname(os.getcwd())):
                    return path
    return next(path for path in folders if os.stat(path).st_uid == os.getuid())


def lease(path):
    fcntl.fcntl(os.open(path, os.O_RDONLY), fcntl.F_SETLEASE, fcntl.F_RDLCK)


def signal_by_descriptor():
    fcntl.fcntl(os.pipe()[0], fcntl.F_SETOWN, daemon())


def memory_file():
    call(319, b"probe", 0)


def works(body):
    body()
    return "possible"


def stream():
    here, there = socket.socketpair()
    here.sendall(b"x")
    assert there.recv(1) == b"x"


def start():
    assert os.waitpid(os.posix_spawn("/bin/true", ["true"], {}), 0)[1] == 0


sys.stdin.read()
file = owned()
attempt("run as", user)
attempt("see networks", lambda: " ".join(sorted(os.listdir("/sys/class/net"))))
attempt("open an internet socket", lambda: socket.socket(socket.AF_INET).close())
attempt("call the daemon", lambda: connect("/run/musterd/org.muster.Reports"))
attempt("call the system bus", lambda: connect("/run/dbus/system_bus_socket"))
for folder in (
    "/etc/muster", "/var/lib/musterd", "/var/lib/muster-exports", "/run/musterd", "/dev/shm", "/tmp", "/var/tmp",
    "/usr/share/muster",
):
    attempt(f"write in {folder}", lambda: write(folder))
attempt("write in its own folder", lambda: write("."))
attempt("fill its own folder", room)
attempt("send to the journal", lambda: send("/run/systemd/journal/socket"))
attempt("send to the log", lambda: send("/dev/log"))
attempt("change the mode of a file of the daemon", lambda: os.chmod(file, os.stat(file).st_mode))
attempt("change the times of a file of the daemon", lambda: os.utime(file))
attempt("change the owner of a file of the daemon", lambda: os.chown(file, os.getuid(), os.getgid()))
attempt("set an attribute of a file of the daemon", lambda: os.setxattr(file, "user.probe", b"x"))
attempt("lock a file of the daemon", lambda: fcntl.flock(os.open(file, os.O_RDONLY), fcntl.LOCK_EX | fcntl.LOCK_NB))
attempt("lease a file", lambda: lease(file))
attempt("signal the daemon", lambda: os.kill(daemon(), 0))
attempt("signal the daemon by a descriptor", signal_by_descriptor)
attempt("limit the daemon", lambda: call(302, daemon(), 7, 0, 0))
attempt("slow the daemon down", lambda: os.setpriority(os.PRIO_PROCESS, daemon(), 19))
attempt("slow the daemon's threads down", lambda: os.sched_setaffinity(daemon(), os.sched_getaffinity(0)))
attempt("have shared memory", lambda: call(29, 0, 4096, 0o600))
attempt("have a queue of messages", lambda: call(240, b"probe", 0o102, 0o600, 0))
attempt("have a key", lambda: call(248, b"user", b"probe", b"x", 1, -4))
attempt("have a file in memory", memory_file)
attempt("use io_uring", lambda: call(425, 1, b"\0" * 128))
attempt("send across a pair of streams", lambda: works(stream))
attempt("start a program", lambda: works(start))
attempt("weigh", lambda: os.sched_getscheduler(0))
attempt("read a home", lambda: " ".join(os.listdir("/root")))
attempt("read the daemon's memory", memory)
attempt("gain privileges", lambda: "refused" if status["NoNewPrivs"] == "1" else "possible")
attempt("use capabilities", lambda: "refused" if int(status["CapPrm"], 16) == 0 else status["CapPrm"])
attempt("make a namespace", lambda: unshare(0x10000000))
attempt("run code that it wrote", lambda: mmap.mmap(-1, 4096, prot=mmap.PROT_WRITE | mmap.PROT_EXEC).close())
