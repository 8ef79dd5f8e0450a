"""The keeper policy: an ordered list of criteria, the first that tells the two apart decides, and is named."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from pictrace.config import Located, listing, unknown
from pictrace.decide.criteria import ALL, ALL_OF_ROOTS, ALL_WITH_OPTION, Compare, Criterion
from pictrace.decide.facts import SideFacts
from pictrace.model import Match

_PLAIN = {criterion.NAME: criterion for criterion in ALL}
_WITH_OPTION = {criterion.NAME: criterion for criterion in ALL_WITH_OPTION}
_OF_ROOTS = {criterion.NAME: criterion for criterion in ALL_OF_ROOTS}
KEEP_OPTION_NAMES = (*_WITH_OPTION, *_OF_ROOTS)
KEEP_NAMES = (*_PLAIN, *KEEP_OPTION_NAMES)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepRule:
    """One line of the policy."""

    name: str
    compare: Compare


DEFAULT_KEEP = tuple(
    KeepRule(name=name, compare=_PLAIN[name].compare)
    for name in ("raw", "more-pixels", "better-quality", "richer-metadata", "older", "shorter-name")
)


def compile_keep(entries: tuple[Located, ...], roots: Collection[Path]) -> tuple[KeepRule, ...]:
    """Return the policy that a list in the config asks for.

    Raises:
        ConfigError: an unknown criterion, or one with options that make no sense.
    """
    return tuple(_compiled(entry, roots) for entry in entries)


def chosen_keeper(
    policy: tuple[KeepRule, ...], file: SideFacts, other: SideFacts, match: Match
) -> tuple[SideFacts, str]:
    """Return which of two photos is kept, and which line decided with what measures.

    Where no line tells them apart, it is the first by its path below the root, then by its whole path.
    """
    for rule in policy:
        value, words = rule.compare(file, other, match)
        if value:
            return (file if value > 0 else other), f"{rule.name}: {words}"
    kept = min(file, other, key=lambda side: (side.relative, str(side.path)))
    return kept, "nothing told them apart; the first by name"


def _compiled(entry: Located, roots: Collection[Path]) -> KeepRule:
    if isinstance(entry.value, str):
        return KeepRule(name=entry.value, compare=_plain(entry, entry.value).compare)
    for name, pair in entry.value.items() if isinstance(entry.value, dict) else ():
        if name in _PLAIN:
            raise pair.key.error(f"`{name}` takes no option: write it as a word")
    keys = entry.section("a keep criterion", KEEP_OPTION_NAMES)
    if len(keys) != 1:
        raise entry.error(f"expected one of: {listing(KEEP_NAMES)}")
    [(name, node)] = keys.items()
    compare = _OF_ROOTS[name].parse(node, roots) if name in _OF_ROOTS else _WITH_OPTION[name].parse(node)
    return KeepRule(name=name, compare=compare)


def _plain(entry: Located, name: str) -> Criterion:
    if name in KEEP_OPTION_NAMES:
        raise entry.error(f"`{name}` needs an option, as in `{{{name}: …}}`")
    if name not in _PLAIN:
        raise entry.error(unknown("keep criterion", name, KEEP_NAMES))
    return _PLAIN[name]
