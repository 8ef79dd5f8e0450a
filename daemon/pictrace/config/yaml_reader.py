"""Reads YAML into located values, and refuses what YAML can do to a program that trusts it.

Measured with plain ``yaml.safe_load``: alias bombs parse at once and explode on walking, five thousand ``[`` end in a
RecursionError, a duplicate key silently wins, ``no`` becomes False and ``12:30:00`` becomes 45000.
"""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from pictrace.config.located import Located, Pair, quoted
from pictrace.config.trust import distrust
from pictrace.errors import ConfigError, shown

MAX_BYTES = 256 * 1024
MAX_DEPTH = 20

_TAG = "tag:yaml.org,2002:"
_SPECIAL = "*{&!%@`"
_SCANNED = "*&!%"
_BRACED = re.compile(r"\{.*\}")
_MOST_SHOWN = 60


class _Refused(Exception):  # noqa: N818 – never leaves this module: carries a sentence and its place to `parse_yaml`
    def __init__(self, mark: yaml.Mark | None, sentence: str) -> None:
        super().__init__(sentence)
        self.mark = mark
        self.sentence = sentence


class _Loader(yaml.SafeLoader):
    """Composes nodes only; booleans, numbers and null as in the YAML 1.2 core schema, nothing else."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._depth = 0

    def compose_node(self, parent: Node | None, index: int) -> Node | None:
        """Return the next node, after looking at the event that starts it."""
        event: Any = self.peek_event()
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            raise _Refused(event.start_mark, "anchors (&) and aliases (*) are not allowed; write the value out")
        if getattr(event, "tag", None) is not None:
            raise _Refused(event.start_mark, f"tags are not allowed, found {quoted(str(event.tag))}")
        if self._depth >= MAX_DEPTH:
            raise _Refused(event.start_mark, f"nested deeper than {MAX_DEPTH} levels")
        self._depth += 1
        node = super().compose_node(parent, index)
        self._depth -= 1
        return node


_Loader.yaml_implicit_resolvers = {}
# No more than 18 digits: what is longer stays a text, and is refused where a number is wanted.
for _name, _pattern, _first in (
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("bool", r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    ("int", r"[-+]?[0-9]{1,18}", list("-+0123456789")),
    ("float", r"[-+]?(\.[0-9]{1,18}|[0-9]{1,18}(\.[0-9]{0,18})?)([eE][-+]?[0-9]{1,3})?", list("-+.0123456789")),
):
    _Loader.add_implicit_resolver(f"{_TAG}{_name}", re.compile(rf"(?:{_pattern})\Z"), _first)


def read_yaml(path: Path, *, is_shipped: bool = False) -> Located:
    """Return the one document of a YAML file.

    Args:
        path: a regular file of at most 256 KiB.
        is_shipped: it lies beside the program itself, and is as good as that, whoever may write it.

    Raises:
        ConfigError: it cannot be read, others may write it, or it is no YAML we take.
    """
    data = _read(path, is_shipped=is_shipped)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ConfigError(f"expected UTF-8, found byte 0x{data[error.start]:02x}", file=path, line=line) from None
    return parse_yaml(text, file=path)


def parse_yaml(text: str, *, file: Path | None = None) -> Located:
    """Return the one document of a YAML text.

    Raises:
        ConfigError: with line and column.
    """
    try:
        node = _Loader(text).get_single_node()
    except _Refused as refusal:
        raise _at(refusal.mark, f"{refusal.sentence}{_unquoted(refusal.mark)}", file) from None
    except yaml.MarkedYAMLError as error:
        words = ": ".join(part for part in (error.context, error.problem) if part)
        advice = _unquoted(error.problem_mark) or _unquoted(error.context_mark, _SCANNED)
        raise _at(error.problem_mark or error.context_mark, f"not valid YAML: {words}{advice}", file) from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise ConfigError("a control character is not allowed here", file=file, line=line) from None
    if node is None:
        raise ConfigError("the file is empty: expected at least `version: 1`", file=file, line=1, column=1)
    return _located(node, file)


def _read(path: Path, *, is_shipped: bool) -> bytes:
    try:
        # O_NONBLOCK: a FIFO must not hang the start.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise ConfigError(f"cannot be read: {error.strerror}", file=path) from error
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise ConfigError("expected a regular file", file=path)
        reason = None if is_shipped else distrust(descriptor, path)
        if reason is not None:
            raise ConfigError(reason, file=path)
        # One byte more than allowed tells a file that is too long; a regular file gives all it has in one read.
        data = os.read(descriptor, MAX_BYTES + 1)
    except OSError as error:
        raise ConfigError(f"cannot be read: {error.strerror}", file=path) from error
    finally:
        os.close(descriptor)
    if len(data) > MAX_BYTES:
        raise ConfigError(f"expected at most {MAX_BYTES // 1024} KiB", file=path)
    return data


def _at(mark: yaml.Mark | None, sentence: str, file: Path | None) -> ConfigError:
    if mark is None:
        return ConfigError(sentence, file=file)
    return ConfigError(sentence, file=file, line=mark.line + 1, column=mark.column + 1)


def _unquoted(mark: yaml.Mark | None, letters: str = _SPECIAL) -> str:
    """Return what to do about a value that begins, or goes on, with a letter that means something to YAML."""
    if mark is None or mark.buffer is None:
        return ""
    before = re.split(r"[\s,\[]", mark.buffer[: mark.pointer])[-1]
    if mark.buffer[mark.pointer] not in letters and not _BRACED.fullmatch(before):
        return ""
    value = before + re.split(r"[\s,\]\0]", mark.buffer[mark.pointer :])[0]
    # An address may hold a password.
    example = "" if "://" in value or '"' in value else f': "{shown(value[:_MOST_SHOWN])}"'
    return f"; put the value in quotes{example}"


def _located(node: Node, file: Path | None) -> Located:
    value: str | int | float | bool | tuple[Located, ...] | dict[str, Pair] | None
    if isinstance(node, MappingNode):
        value = _mapping(node, file)
    elif isinstance(node, SequenceNode):
        value = tuple(_located(item, file) for item in node.value)
    else:
        assert isinstance(node, ScalarNode)  # noqa: S101 – YAML has three kinds of nodes
        value = _scalar(node)
    mark = node.start_mark
    return Located(value=value, file=file, line=mark.line + 1, column=mark.column + 1)


def _mapping(node: MappingNode, file: Path | None) -> dict[str, Pair]:
    pairs: dict[str, Pair] = {}
    for key_node, value_node in node.value:
        key = _located(key_node, file)
        name = key.text("a name as key")
        if name in pairs:
            raise key.error(f"the key {quoted(name)} is there twice: first on line {pairs[name].key.line}")
        pairs[name] = Pair(key=key, value=_located(value_node, file))
    return pairs


def _scalar(node: ScalarNode) -> str | int | float | bool | None:
    text = node.value
    match node.tag.removeprefix(_TAG):
        case "null":
            return None
        case "bool":
            return bool(text.lower() == "true")
        case "int":
            return int(text)
        case "float":
            return float(text)
        case _:
            return str(text)
