"""Figures beside their limits, as a table."""

import math
import os
import statistics
from collections.abc import Callable, Sequence


def median(values: Sequence[float]) -> float:
    return statistics.median(values)


def percentile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, math.ceil(share * len(ordered)) - 1)]


def milliseconds(seconds: float) -> str:
    return f"{seconds * 1e3:.3g} ms" if seconds < 0.1 else f"{seconds * 1e3:.0f} ms"


def mebibytes(count: float) -> str:
    return f"{count / (1 << 20):.1f} MiB"


def verdict(figure: float, limit: float) -> str:
    return "PASS" if figure <= limit else "over"


def judge(figure: float, limit: float, show: Callable[[float], str]) -> tuple[str, str]:
    """The limit as shown, and whether the figure keeps to it."""
    return f"<= {show(limit)}", verdict(figure, limit)


def times(ratio: float) -> str:
    return f"{ratio:.2f}" if ratio >= 0.1 else f"{ratio:.2g}"


def print_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    lines = [header, ["-" * len(title) for title in header], *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(header))]
    for line in lines:
        cells = (cell + " " * (size - len(cell)) for cell, size in zip(line, widths))
        print("  ".join(cells).rstrip(), flush=True)


def print_machine() -> None:
    """What the figures depend on, and whether something else ran at the same time."""
    with open("/proc/cpuinfo") as file:
        models = [line.split(":", 1)[1].strip() for line in file if line.startswith("model name")]
    load = os.getloadavg()[0]
    cores = os.cpu_count() or 1
    print(f"{cores} cores, {models[0] if models else 'unknown processor'}, load average {load:.2f}")
    if load > cores / 2:
        print("note: the machine is busy with other work, which makes every figure worse")
    print()
