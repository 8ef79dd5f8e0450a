"""``run``: start a program, where the config says ``allow-run: true``."""

from __future__ import annotations

import os
import re
import shutil
from typing import Any

from pictrace.act.actions.base import Draft, Scene
from pictrace.config import units
from pictrace.config.fragments import TEXT, Schema, section
from pictrace.model import ChangeKind

_MOST_ARGUMENTS, _MOST_CHARACTERS = 100, 4_000
_DEFAULT_SECONDS, _MOST_SECONDS = 60.0, 600.0
_PATH, _MARK = re.compile(r"(?<!\{)\{(path|keeper-path)\}(?!\})"), "\x01"  # a doubled brace is a brace
_COMMAND: Schema = {"type": "array", "items": TEXT, "minItems": 1, "maxItems": _MOST_ARGUMENTS}
_SCHEMA: Schema = {
    "anyOf": [_COMMAND, section({"command": _COMMAND, "timeout": units.DURATION_SCHEMA}, required=("command",))]
}
_EXPECTED = '`run` needs a program and its arguments as a list: `run: [/usr/local/bin/tell, "{path}"]`'


class Run:
    """Starts a program with a list of arguments, never a shell; what it does cannot be taken back.

    Args:
        is_allowed: whether the config says so.
    """

    name = "run"
    variable_options = ("arguments",)
    schema = _SCHEMA

    def __init__(self, *, is_allowed: bool) -> None:
        self._is_allowed = is_allowed

    def parse(self, options: Any) -> dict[str, Any]:  # Any: see Action
        """Return ``{"program": path, "arguments": [...], "timeout_seconds": number}``; the program is found now."""
        if not self._is_allowed:
            raise ValueError("`run` starts programs: it needs `allow-run: true` in the config")
        command, seconds = _parts(options)
        if not command or len(command) > _MOST_ARGUMENTS or not all(_is_argument(one) for one in command):
            raise ValueError(_EXPECTED)
        arguments = [_with_marks(argument) for argument in command[1:]]
        return {"program": _found(command[0]), "arguments": arguments, "timeout_seconds": seconds}

    def drafts(self, options: dict[str, Any], scene: Scene) -> list[Draft]:  # Any: as `parse` gave them
        """Return one change that runs the program."""
        paths = {"path": os.fspath(scene.subject.path), "keeper-path": os.fspath(scene.keeper.path)}
        arguments = [_with_paths(argument, paths) for argument in options["arguments"]]
        details = {"command": [options["program"], *arguments], "timeout_seconds": options["timeout_seconds"]}
        return [Draft(kind=ChangeKind.RUN, source=scene.subject.path, target=None, details=details)]


def _parts(options: Any) -> tuple[list[Any], float]:  # Any: whatever stands in the rule
    """Return the command and its limit in seconds, from a list or a mapping with `command` and `timeout`."""
    if isinstance(options, dict) and "command" in options and set(options) <= {"command", "timeout"}:
        command, seconds = options["command"], _seconds(options.get("timeout"))
    else:
        command, seconds = options, _DEFAULT_SECONDS
    if not isinstance(command, list):
        raise ValueError(_EXPECTED)
    return command, seconds


def _seconds(timeout: Any) -> float:  # Any: whatever stands in the rule
    if timeout is None:
        return _DEFAULT_SECONDS
    try:
        seconds = units.seconds(timeout)
    except (TypeError, ValueError) as error:
        raise ValueError(f"`run: {{timeout: …}}`: expected {units.DURATION}") from error
    if not 1 <= seconds <= _MOST_SECONDS:
        raise ValueError("`run: {timeout: …}`: expected a duration from 1s to 10m")
    return seconds


def _with_marks(argument: str) -> str:
    """Return an argument in which whole paths are marked by letters that no other variable's value can hold.

    Only programs are given whole paths: in the name of a folder or a keyword they would make no sense.
    """
    return _PATH.sub(lambda found: f"{_MARK}{found[1]}{_MARK}", argument)


def _with_paths(argument: str, paths: dict[str, str]) -> str:
    pieces = argument.split(_MARK)
    # Every second piece stood between two marks.
    return "".join(paths[piece] if number % 2 else piece for number, piece in enumerate(pieces))


def _is_argument(value: Any) -> bool:  # Any: whatever stands in the rule
    return isinstance(value, str) and len(value) <= _MOST_CHARACTERS and not {"\0", _MARK} & set(value)


def _found(program: str) -> str:
    """Return the absolute path of a program: whoever changes PATH later changes nothing."""
    if "{" in program or (os.sep in program and not os.path.isabs(program)):  # noqa: PTH117 – no path yet
        raise ValueError(f"`run: [{program}, …]`: expected an absolute path or the plain name of a program")
    found = shutil.which(program)
    if found is None:
        raise ValueError(f"`run: [{program}, …]`: there is no such program that could be started")
    return found
