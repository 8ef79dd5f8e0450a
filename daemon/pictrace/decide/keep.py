"""The keeper policy: an ordered list of criteria, the first that tells the two apart decides, and is named."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pictrace.config import Located, listing, unknown
from pictrace.decide.facts import FORMATS, SideFacts
from pictrace.decide.globs import compile_globs
from pictrace.model import Direction, EditKind, Match, Relation, Role

_QUALITY_STEP = 5

_AROUND = (EditKind.BORDERED, EditKind.COLLAGE_TILE)

# What a criterion says of two photos: which is better (positive: the first), and the measures in words; 0: a tie.
Verdict = tuple[float, str]
Criterion = Callable[[SideFacts, SideFacts, Match], Verdict]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepRule:
    """One line of the policy."""

    name: str
    compare: Criterion


def _raw(a: SideFacts, b: SideFacts, _: Match) -> Verdict:
    formats = [side.metadata is not None and side.metadata.format == "raw" for side in (a, b)]
    return formats[0] - formats[1], "raw against developed"


def _more_pixels(a: SideFacts, b: SideFacts, match: Match) -> Verdict:
    """Compare the pixels; those of a border, or of the rest of a collage, are none of the photo's."""
    if any(edit.kind in _AROUND for edit in match.edits):
        sides = {Direction.FILE_FROM_OTHER: -1, Direction.OTHER_FROM_FILE: 1, Direction.UNKNOWN: 0}
        return sides[match.direction], "the other one has something around it"
    if a.pixels is None or b.pixels is None:
        return 0, ""
    more, fewer = max(a.pixels, b.pixels), min(a.pixels, b.pixels)
    words = [f"{count / 1e6:.2f} MP" for count in (more, fewer)]
    if words[0] == words[1]:
        words = [f"{count} pixels" for count in (more, fewer)]
    return a.pixels - b.pixels, " against ".join(words)


def _better_quality(a: SideFacts, b: SideFacts, match: Match) -> Verdict:
    """Compare two JPEGs by their estimated quality, lossless against lossy; equal pixels are of equal quality."""
    first, second = a.metadata, b.metadata
    if first is None or second is None or match.relation in (Relation.SAME_BYTES, Relation.SAME_PIXELS):
        return 0, ""
    if first.is_lossless != second.is_lossless:
        return (1 if first.is_lossless else -1), "lossless against lossy"
    if first.jpeg_quality is None or second.jpeg_quality is None:
        return 0, ""
    difference = first.jpeg_quality - second.jpeg_quality
    if abs(difference) < _QUALITY_STEP:
        return 0, ""
    pair = sorted((first.jpeg_quality, second.jpeg_quality), reverse=True)
    return difference, f"JPEG quality about {pair[0]} against {pair[1]}"


def _larger_file(a: SideFacts, b: SideFacts, _: Match) -> Verdict:
    return a.size_bytes - b.size_bytes, f"{max(a.size_bytes, b.size_bytes)} against {min(a.size_bytes, b.size_bytes)} B"


def _richer_metadata(a: SideFacts, b: SideFacts, _: Match) -> Verdict:
    counts = [0 if side.metadata is None else side.metadata.fields for side in (a, b)]
    return counts[0] - counts[1], f"{max(counts)} fields against {min(counts)}"


def _older(a: SideFacts, b: SideFacts, _: Match) -> Verdict:
    """Compare by when PicTrace came to know them: what was there before any arrival, then by first sight or mtime."""
    if a.is_arrival != b.is_arrival:
        return (-1 if a.is_arrival else 1), "it was there before"
    first, second = (a.first_seen, b.first_seen) if a.is_arrival else (a.mtime_ns, b.mtime_ns)
    if first == second:
        first, second = a.mtime_ns, b.mtime_ns
    return second - first, "known earlier" if a.is_arrival else "written earlier"


def _newer(a: SideFacts, b: SideFacts, match: Match) -> Verdict:
    value, _ = _older(a, b, match)
    return -value, "came later"


def _shorter_name(a: SideFacts, b: SideFacts, _: Match) -> Verdict:
    lengths = [len(side.path.name) for side in (a, b)]
    return lengths[1] - lengths[0], f"{min(lengths)} letters against {max(lengths)}"


_PLAIN: dict[str, Criterion] = {
    "raw": _raw,
    "more-pixels": _more_pixels,
    "better-quality": _better_quality,
    "larger-file": _larger_file,
    "richer-metadata": _richer_metadata,
    "older": _older,
    "newer": _newer,
    "shorter-name": _shorter_name,
}
_WITH_OPTION = ("in", "not-in", "role", "format")
KEEP_NAMES = (*_PLAIN, *_WITH_OPTION)
DEFAULT_KEEP = tuple(
    KeepRule(name=name, compare=_PLAIN[name])
    for name in ("raw", "more-pixels", "better-quality", "richer-metadata", "older", "shorter-name")
)


def compile_keep(entries: tuple[Located, ...]) -> tuple[KeepRule, ...]:
    """Return the policy that a list in the config asks for.

    Raises:
        ConfigError: an unknown criterion, or one with options that make no sense.
    """
    return tuple(_compiled(entry) for entry in entries)


def chosen_keeper(
    policy: tuple[KeepRule, ...], file: SideFacts, other: SideFacts, match: Match
) -> tuple[SideFacts, str]:
    """Return which of two photos is kept, and which line decided with what measures."""
    for rule in policy:
        value, words = rule.compare(file, other, match)
        if value:
            return (file if value > 0 else other), f"{rule.name}: {words}"
    kept = min(file, other, key=lambda side: (side.relative, str(side.path)))
    return kept, "nothing told them apart; the first by name"


def _compiled(entry: Located) -> KeepRule:
    if isinstance(entry.value, str):
        if entry.value not in _PLAIN:
            raise entry.error(unknown("keep criterion", entry.value, KEEP_NAMES))
        return KeepRule(name=entry.value, compare=_PLAIN[entry.value])
    keys = entry.section("a keep criterion", _WITH_OPTION)
    if len(keys) != 1:
        raise entry.error(f"expected one of: {listing(KEEP_NAMES)}")
    [(name, node)] = keys.items()
    return KeepRule(name=name, compare=_with_option(name, node))


def _with_option(name: str, node: Located) -> Criterion:
    if name in ("in", "not-in"):
        return _in_glob(node, is_wanted=name == "in")
    known = tuple(Role) if name == "role" else FORMATS
    order = [entry.choice(known, name) for entry in node.one_or_more(f"one or more of {', '.join(known)}")]

    def rank(side: SideFacts) -> int:
        value = side.role.value if name == "role" else side.metadata.format if side.metadata is not None else ""
        return order.index(value) if value in order else len(order)

    return lambda a, b, _: (rank(b) - rank(a), f"{name} in the order {', '.join(order)}")


def _in_glob(node: Located, *, is_wanted: bool) -> Criterion:
    fits = compile_globs(node)

    def compare(a: SideFacts, b: SideFacts, _: Match) -> Verdict:
        first, second = (fits(side.relative, side.path) == is_wanted for side in (a, b))
        return first - second, f"{'in' if is_wanted else 'not in'} {node.plain()}"

    return compare
