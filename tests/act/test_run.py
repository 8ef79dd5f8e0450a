"""`run`: a list of arguments and never a shell, an end in time, and how it ended in the journal."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from pathlib import Path

import pytest

from pictrace.act import allowed_actions
from pictrace.errors import ActError
from pictrace.model import ChangeKind, ChangeState, Step

DONE, ABORTED = ChangeState.DONE, ChangeState.ABORTED
RUN = allowed_actions(may_run=True)["run"]


def step(*command: str, timeout: str = "60s") -> Step:
    return Step(action="run", options=RUN.parse({"command": list(command), "timeout": timeout}))


def python(code: str, *arguments: str, timeout: str = "60s") -> Step:
    return step(sys.executable, "-c", code, *arguments, timeout=timeout)


def run(stage, *steps: Step, name: str = "b.jpg") -> list:
    return stage.carry_out(stage.put(name, b"copy"), stage.put("a.jpg", b"keeper"), *steps)


# -- what a rule may say


def test_without_the_configs_word_nothing_is_run() -> None:
    with pytest.raises(ValueError, match="allow-run: true"):
        allowed_actions(may_run=False)["run"].parse(["true"])


@pytest.mark.parametrize(
    "options",
    [
        None,
        "true",
        [],
        [7],
        ["true", None],
        ["true", "a\0b"],
        {"command": "true"},
        {"command": ["true"], "shell": True},
        {"command": ["true"], "timeout": "1d"},
        {"command": ["true"], "timeout": 5},
        ["no-such-program-anywhere"],
        ["/no/such/program"],
        ["./here"],
        ["{path}"],
        ["true; rm -rf /"],
    ],
)
def test_what_is_no_program_with_arguments_is_refused(options: object) -> None:
    with pytest.raises(ValueError, match="run"):
        RUN.parse(options)


def test_a_program_is_found_once_and_named_by_its_whole_path() -> None:
    assert Path(RUN.parse(["sh", "-c"])["program"]).is_absolute()


# -- running


@pytest.mark.parametrize(
    "name", ["b.jpg", "$(touch hacked) `x`;&|'\"\n.jpg", "-rf.jpg", os.fsdecode(b"\xff.jpg"), "{path}.jpg"]
)
def test_an_argument_is_the_path_and_nothing_else(stage, tmp_path, name) -> None:
    out = tmp_path / "out"
    code = "import os, sys; open(sys.argv[1], 'wb').write(b'\\0'.join(map(os.fsencode, sys.argv[2:])))"

    [change] = run(stage, python(code, str(out), "{path}", "kept {keeper-path}"), name=name)

    assert (change.kind, change.state, change.details["exit_code"]) == (ChangeKind.RUN, DONE, 0)
    path, keeper = os.fsencode(stage.root / name), os.fsencode(stage.root / "a.jpg")
    assert out.read_bytes() == b"\0".join([path, b"kept " + keeper])


def test_a_program_is_told_little(stage, tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("SECRET_TOKEN", "x")
    out = tmp_path / "out"
    code = (
        "import json, os, sys; is_leader = os.getsid(0) == os.getpid(); "
        "json.dump([sorted(os.environ), os.getcwd(), sys.stdin.read(), is_leader], open(sys.argv[1], 'w'))"
    )

    run(stage, python(code, str(out)))

    names, folder, said, is_leader = json.loads(out.read_text())
    assert "SECRET_TOKEN" not in names
    assert (folder, said, is_leader) == ("/", "", True)


def test_what_a_program_says_is_in_the_log_clipped(stage, caplog) -> None:
    caplog.set_level("INFO")

    [change] = run(stage, python("print('x' * 300_000 + '\\x1b[31mthe end')"))

    assert change.state is DONE
    [said] = [record.getMessage() for record in caplog.records if " said: " in record.getMessage()]
    assert said.endswith("the end")
    assert "\x1b" not in said
    assert len(said) < 3_000


def test_a_failed_program_stops_the_plan_before_the_photo_moves(stage) -> None:
    changes = run(stage, python("import sys; print('no card'); sys.exit(3)"), Step(action="quarantine"))

    assert [(change.kind, change.state) for change in changes] == [(ChangeKind.RUN, ABORTED)]
    assert "exit code 3: no card" in changes[0].error
    assert stage.journal.change(changes[0].id).details["exit_code"] == 3
    assert (stage.root / "b.jpg").exists()


def test_a_program_that_takes_too_long_ends_with_all_it_started(stage, tmp_path) -> None:
    out = tmp_path / "pid"
    code = (
        "import subprocess, sys, time; child = subprocess.Popen(['sleep', '600']); "
        "open(sys.argv[1], 'w').write(str(child.pid)); time.sleep(600)"
    )

    [change] = run(stage, python(code, str(out), timeout="2s"))

    assert (change.state, "longer than 2 s" in change.error) == (ABORTED, True)
    assert _is_gone(int(out.read_text()))


def test_a_program_is_ended_when_pictrace_is(stage) -> None:
    asked = iter([True, True, False])
    object.__setattr__(stage.world, "go_on", lambda: next(asked))
    began = time.monotonic()

    [change] = run(stage, step("sleep", "600"))

    assert (change.state, "PicTrace stops" in change.error) == (ABORTED, True)
    assert time.monotonic() - began < 60


def test_a_program_that_leaves_another_behind_is_not_waited_for(stage) -> None:
    began = time.monotonic()

    [change] = run(stage, step("sh", "-c", "sleep 30 & exit 0"))

    assert change.state is DONE
    assert time.monotonic() - began < 25


def test_a_program_killed_by_a_signal_failed(stage) -> None:
    [change] = run(stage, python(f"import os; os.kill(os.getpid(), {signal.SIGTERM.value})"))

    assert (change.state, "by signal 15" in change.error) == (ABORTED, True)


def test_a_program_is_run_once_for_a_photo(stage, tmp_path) -> None:
    out = tmp_path / "out"
    wanted = python("import sys; open(sys.argv[1], 'a').write('x')", str(out))

    run(stage, wanted)
    run(stage, wanted)

    assert out.read_text() == "x"


def test_a_program_cannot_be_taken_back(stage) -> None:
    [change] = run(stage, step("true"))

    assert stage.actor.undoable() == []
    with pytest.raises(ActError, match="cannot be taken back"):
        stage.actor.undo([change.id])


def test_a_stop_while_a_program_runs_leaves_no_open_row(stage) -> None:
    stage.stop_at = 1
    with pytest.raises(stage.stop):
        run(stage, step("true"))
    stage.reopen()

    [change] = stage.actor.recover()

    assert change.state is ABORTED


def test_a_message_is_announced_once(stage) -> None:
    tell = Step(action="notify", options={"text": "look"})

    run(stage, tell)
    run(stage, tell)

    assert len(stage.said) == 1
    assert "b.jpg: look — rendition of" in stage.said[0]


def _is_gone(pid: int) -> bool:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True  # ended, and nobody asked how
        except FileNotFoundError:
            return True
    return False
