"""The only reader of the time."""

import time


def now() -> int:
    """Return the current instant in epoch seconds, UTC."""
    return int(time.time())  # noqa: TID251 the one place that may


def monotonic_ns() -> int:
    """Return a monotonic count of nanoseconds, for measuring durations."""
    return time.monotonic_ns()


def monotonic_ms() -> int:
    """Return a monotonic count of milliseconds, for measuring durations."""
    return time.monotonic_ns() // 1_000_000
