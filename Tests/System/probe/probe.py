#!/usr/bin/env python3
"""Tries what a plugin must not do, and reports what came of each attempt."""
import ctypes
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


sys.stdin.read()
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
attempt("read a home", lambda: " ".join(os.listdir("/root")))
attempt("read the daemon's memory", memory)
attempt("gain privileges", lambda: "refused" if status["NoNewPrivs"] == "1" else "possible")
attempt("use capabilities", lambda: "refused" if int(status["CapPrm"], 16) == 0 else status["CapPrm"])
attempt("make a namespace", lambda: unshare(0x10000000))
attempt("run code that it wrote", lambda: mmap.mmap(-1, 4096, prot=mmap.PROT_WRITE | mmap.PROT_EXEC).close())
