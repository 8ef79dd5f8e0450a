"""Priorities are inherited and cannot be raised again, so they are lowered in a process of their own."""

import subprocess
import sys

_PRINT = """
import os
from pictrace.service.priority import lower_priority
{before}
lower_priority({arguments})
print(os.nice(0), *os.popen("ionice -p %d 2>/dev/null" % os.getpid()).read().split())
"""


def priorities(*, before: str = "", arguments: str = "") -> list[str]:
    script = _PRINT.format(before=before, arguments=arguments)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    return done.stdout.split()


def test_cpu_and_disk_priority_are_lowered() -> None:
    nice, *disk = priorities(before="os.nice(max(0, 3 - os.nice(0)))")

    assert int(nice) >= 10
    assert disk in ([], ["best-effort:", "prio", "7"])  # [] where util-linux's ionice is not installed


def test_lowering_twice_is_lowering_once() -> None:
    nice, *_ = priorities(before="lower_priority()")

    assert int(nice) == max(10, int(priorities(before="import sys")[0]))


def test_a_process_of_lower_priority_stays_there() -> None:
    nice, *_ = priorities(before="os.nice(max(0, 15 - os.nice(0)))")

    assert int(nice) >= 15


def test_an_unknown_machine_is_no_error() -> None:
    nice, *_ = priorities(arguments="machine='mips64'")

    assert int(nice) >= 10
