"""Findings made up from a few words, and rules compiled from YAML."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from pictrace.config import Config, RootConfig, parse_yaml
from pictrace.decide import Facts, RuleBook, SideFacts, compile_rules
from pictrace.model import Certainty, Edit, EditKind, Match, Metadata, Relation, Role

ROOT = Path("/photos")


class FakeAction:
    """An action that takes whatever it is given, but for the word ``nonsense``."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.variable_options = {"move": ("to",), "quarantine": ()}.get(name, ("options",))
        self.schema: dict[str, Any] = {}

    def parse(self, options: Any) -> dict[str, Any]:
        if options == "nonsense":
            raise ValueError(f"`{self.name}` does not take nonsense")
        return {} if options is None else {"to" if self.name == "move" else "options": options}


ACTIONS = {
    name: FakeAction(name)
    for name in ("tag", "move", "quarantine", "notify", "copy", "trash", "hardlink", "reflink", "run", "merge-metadata")
}


def make_metadata(**values: Any) -> Metadata:
    return Metadata(**{"width_pixels": 4000, "height_pixels": 3000, "format": "jpeg", **values})


def make_side(relative: str, **values: Any) -> SideFacts:
    """Return a side; what is no field of it is one of its metadata."""
    own = {name: values.pop(name) for name in list(values) if name in SideFacts.__slots__}
    root = own.pop("root", ROOT)
    defaults: dict[str, Any] = {
        "role": Role.LIBRARY,
        "content_hash": relative.encode("utf-8", "surrogateescape"),
        "size_bytes": 4_000_000,
        "mtime_ns": 1_600_000_000_000_000_000,
        "first_seen": 1_700_000_000.0,
        "is_arrival": False,
        "age_days": 10.0,
        "metadata": make_metadata(**values),
    }
    return SideFacts(path=root / relative, relative=relative, root=root, **{**defaults, **own})


def make_match(relation: str = "rendition", edits: tuple[str, ...] = ("re-encoded",), **values: Any) -> Match:
    named = Relation(relation)
    is_proved = named in (Relation.SAME_BYTES, Relation.SAME_PIXELS)
    return Match(
        relation=named,
        edits=() if is_proved else tuple(Edit(kind=EditKind(kind)) for kind in edits),
        **{
            "certainty": Certainty.PROVED if is_proved else Certainty.VERIFIED,
            "similarity": 1.0 if is_proved else 0.97,
            **values,
        },
    )


def make_facts(
    file: SideFacts | None = None,
    other: SideFacts | None = None,
    match: Match | None = None,
    *,
    is_backlog_allowed: bool = False,
    **more: Any,
) -> Facts:
    """Return an arrival that is a re-encoded copy of what was there, or what is said instead."""
    return Facts(
        file=file or make_side("new.jpg", is_arrival=True, width_pixels=2000, height_pixels=1500),
        other=other or make_side("old.jpg"),
        match=match or make_match(),
        is_backlog_allowed=is_backlog_allowed,
        **more,
    )


def make_book(
    rules: str, *, keep: str | None = None, roots: Sequence[str] | dict[str, Role] = ("/photos",)
) -> RuleBook:
    node = parse_yaml(textwrap.dedent(rules), file=Path("/etc/pictrace/config.yaml"))
    roles = roots if isinstance(roots, dict) else dict.fromkeys(roots, Role.LIBRARY)
    config = Config(
        file=None,
        roots=tuple(RootConfig(path=Path(root), role=role) for root, role in roles.items()),
        state=Path("/state"),
        keep=None if keep is None else parse_yaml(keep).items(),
        rules=node.items(),
    )
    return compile_rules(config, ACTIONS)


# Functions, handed out for the whole session, so that generated examples may use them.
@pytest.fixture(scope="session")
def side() -> Callable[..., SideFacts]:
    return make_side


@pytest.fixture(scope="session")
def match() -> Callable[..., Match]:
    return make_match


@pytest.fixture(scope="session")
def facts() -> Callable[..., Facts]:
    return make_facts


@pytest.fixture(scope="session")
def book() -> Callable[..., RuleBook]:
    return make_book
