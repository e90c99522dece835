"""A client that goes on asking the same while others misbehave, in a process of its own: what it waits for is the daemon.

neighbour.py SOCKET CALL PAUSE asks until its input ends, and prints what it saw as JSON: how long each answer took, how much
longer than the pause each pause was, both in seconds, and what went wrong.
"""

import json
import select
import sys
import time

from torture import Connection


def main() -> None:
    path, message, pause = sys.argv[1], sys.argv[2].encode() + b"\0", float(sys.argv[3])
    seen: dict = {"answers": [], "late": [], "error": None}
    try:
        connection = Connection(path)
        while True:
            begin = time.monotonic()
            connection.ask(message)
            answered = time.monotonic()
            seen["answers"].append(answered - begin)
            if select.select([sys.stdin], [], [], pause)[0]:
                break
            seen["late"].append(time.monotonic() - answered - pause)
    except Exception as error:  # Whatever it is, a client was not answered.
        seen["error"] = f"{type(error).__name__}: {error}"
    json.dump(seen, sys.stdout)


main()
