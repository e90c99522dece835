"""PASS and FAIL lines, and an exit status."""

import sys
import traceback

failures = 0


def check(what, condition, detail=""):
    global failures
    if condition:
        print(f"PASS {what}")
    else:
        failures += 1
        print(f"FAIL {what}{': ' if detail else ''}{detail}")


class section:
    """A part that fails as a whole when something unexpected happens in it."""

    def __init__(self, what):
        self.what = what

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        if error is not None and kind is not KeyboardInterrupt:
            check(self.what, False, "".join(traceback.format_exception(kind, error, trace)))
            return True
        return False


def finish():
    sys.exit(1 if failures else 0)
