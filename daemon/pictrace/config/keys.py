"""The keys of a config file: what each fills, how it is read, and what an editor may know of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pictrace.config import fragments, units
from pictrace.config.fragments import Schema
from pictrace.config.located import Located
from pictrace.config.name_globs import name_expression
from pictrace.config.networks import network_beside
from pictrace.config.places import absolute_path, repeated_root
from pictrace.config.rule_files import VERSION, check_version, with_includes
from pictrace.config.values import Brake, Channels, RootConfig
from pictrace.errors import shown
from pictrace.model import Role

_FOLDER = "an absolute folder, such as /srv/photos or ~/Pictures"
_ADDRESS = "an address with `://`, such as ntfys://ntfy.example/photos"
_SHORTEST_SECONDS = 0.1
_LONGEST_SECONDS = 366 * 86400.0
_BACKLOG = ("report", "act")
_FOLDER_SCHEMA: Schema = {"type": "string", "pattern": "^[/~]"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A key: the field of `Config` that it fills (None: none), its reader, its schema, its meaning in a few words."""

    field: str | None
    read: Callable[[Located], Any]  # Any: each reader has a type of its own
    schema: Schema
    meaning: str


def _roots(node: Located) -> tuple[RootConfig, ...]:
    roots: list[RootConfig] = []
    for entry in node.items("a list of roots, each with `path` and perhaps `role`"):
        keys = entry.section("a root", ("path", "role"), required=("path",))
        role = Role(keys["role"].choice(tuple(Role), "role")) if "role" in keys else Role.LIBRARY
        roots.append(RootConfig(path=keys["path"].converted(absolute_path, _FOLDER), role=role))
        if repeated_root(roots) is not None:
            raise entry.error(f"the folder {shown(roots[-1].path)} is a root already")
    return tuple(roots)


def _folder(node: Located) -> Path:
    return node.converted(absolute_path, _FOLDER)


def _quarantine(node: Located) -> Path | None:
    return None if node.value == "beside" else node.converted(absolute_path, f"beside, or {_FOLDER}")


def _duration(node: Located) -> float:
    value = node.converted(units.seconds, units.DURATION)
    if not _SHORTEST_SECONDS <= value <= _LONGEST_SECONDS:
        raise node.expected("a duration from 100ms to 366d")
    return value


def _brake(node: Located) -> Brake | None:
    if node.value == "none":
        return None
    return Brake(count_per_hour=node.converted(units.per_hour, units.RATE))


def _memory(node: Located) -> int:
    value = node.converted(units.size_bytes, units.SIZE)
    if value < 700 * 10**6:  # the daemon and one worker that can decode a photo of 24 megapixels
        raise node.expected("at least 700MB")
    return value


def _workers(node: Located) -> int:
    return node.whole_number("a number of worker processes from 1 to 256", low=1, high=256)


def _patterns(node: Located) -> tuple[str, ...]:
    return tuple(_pattern(entry) for entry in node.items("a list of patterns"))


def _pattern(node: Located) -> str:
    text = node.text("a pattern, or !pattern")
    if not text.startswith("!"):
        try:
            name_expression(text)
        except ValueError as problem:
            raise node.error(str(problem)) from problem
    return text


def _keep(node: Located) -> tuple[Located, ...]:
    return node.one_or_more("a list of keeper criteria")


def _channels(node: Located) -> Channels:
    keys = node.section("`notify`", ("desktop", "urls", "at-most"))
    given: dict[str, Any] = {}  # Any: the fields of Channels by name
    if "desktop" in keys:
        given["desktop"], given["desktop_at"] = keys["desktop"].boolean(), keys["desktop"]
    if "urls" in keys:
        given["urls_at"] = keys["urls"].one_or_more("a list of addresses")
        given["urls"] = tuple(_address(entry) for entry in given["urls_at"])
    if "at-most" in keys:
        given["most_per_hour"] = keys["at-most"].converted(units.per_hour, "a rate such as 10/h")
    return Channels(**given)


def _address(node: Located) -> str:
    text = node.text(_ADDRESS)
    if "://" not in text:
        raise node.error(f"expected {_ADDRESS}")  # what stands there may be half a password
    return text


def _is_act(node: Located) -> bool:
    return node.choice(_BACKLOG, "answer to what was there before") == "act"


_ROOT_SCHEMA = fragments.section(
    {"path": _FOLDER_SCHEMA, "role": fragments.words(tuple(Role))},
    required=("path",),
)

_CHANNELS_SCHEMA = fragments.section(
    {
        "desktop": {"type": "boolean"},
        "urls": fragments.one_or_more({"type": "string", "pattern": "://"}),
        "at-most": {"type": "string", "pattern": "^[1-9][0-9]{0,8}/h$", "examples": ["10/h"]},
    }
)

KEYS: dict[str, Key] = {
    "version": Key(
        field=None,
        read=check_version,
        schema={"const": VERSION},
        meaning="The version of this format",
    ),
    "roots": Key(
        field="roots",
        read=_roots,
        schema={"type": "array", "items": _ROOT_SCHEMA},
        meaning="The folders to watch",
    ),
    "state": Key(
        field="state",
        read=_folder,
        schema=_FOLDER_SCHEMA,
        meaning="Where PicTrace keeps what it knows",
    ),
    "quarantine": Key(
        field="quarantine",
        read=_quarantine,
        schema={"anyOf": [{"const": "beside"}, _FOLDER_SCHEMA]},
        meaning="Where photos are put away",
    ),
    "quiet": Key(
        field="quiet_seconds",
        read=_duration,
        schema=units.DURATION_SCHEMA,
        meaning="Unchanged for so long is settled",
    ),
    "longest-wait": Key(
        field="longest_wait_seconds",
        read=_duration,
        schema=units.DURATION_SCHEMA,
        meaning="After so long `status` shows a file as one that keeps changing",
    ),
    "rescan": Key(
        field="rescan_seconds",
        read=_duration,
        schema=units.DURATION_SCHEMA,
        meaning="The folders are looked through again this often",
    ),
    "act": Key(
        field="act",
        read=Located.boolean,
        schema={"type": "boolean"},
        meaning="`false` says what would be done and touches nothing",
    ),
    "backlog": Key(
        field="backlog_act",
        read=_is_act,
        schema=fragments.words(_BACKLOG),
        meaning="What is done with photos that were there before the first index",
    ),
    "brake": Key(
        field="brake",
        read=_brake,
        schema=units.RATE_SCHEMA,
        meaning="More photos moved away in an hour than this wait for `pictrace confirm`",
    ),
    "memory": Key(
        field="memory_bytes",
        read=_memory,
        schema=units.SIZE_SCHEMA,
        meaning="What the daemon and its workers may take together",
    ),
    "workers": Key(
        field="workers",
        read=_workers,
        schema={"type": "integer", "minimum": 1, "maximum": 256},
        meaning="Processes that decode pictures",
    ),
    "network": Key(
        field="network",
        read=network_beside,
        schema=fragments.TEXT,
        meaning="The recipe of a neural network, whose vectors bring further candidates",
    ),
    "ignore": Key(
        field="ignore",
        read=_patterns,
        schema={"type": "array", "items": fragments.TEXT},
        meaning="Names to pass over beside the shipped list; `!pattern` takes a shipped one away",
    ),
    "keep": Key(
        field="keep",
        read=_keep,
        schema=fragments.KEEP,
        meaning="Which of two copies stays: the first line that tells them apart decides",
    ),
    "allow-run": Key(
        field="allow_run",
        read=Located.boolean,
        schema={"type": "boolean"},
        meaning="Whether rules may start programs",
    ),
    "notify": Key(
        field="notify",
        read=_channels,
        schema=_CHANNELS_SCHEMA,
        meaning="Where messages go beside the log",
    ),
    "rules": Key(
        field="rules",
        read=with_includes,
        schema=fragments.RULES,
        meaning="What is done; the first rule that matches a finding wins",
    ),
    "tests": Key(
        field=None,
        read=Located.items,
        schema=fragments.TESTS,
        meaning="Example findings that `pictrace rules test` tries the rules on",
    ),
}
