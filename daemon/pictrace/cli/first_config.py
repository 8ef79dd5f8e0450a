"""The first config for somebody's folders: which rules fit, and the text of the file with a reason beside each line."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import yaml

from pictrace.cli.neighbours import advice_on, remarks_on
from pictrace.cli.show import counted
from pictrace.config import RootConfig
from pictrace.errors import UsageError, shown
from pictrace.model import Role
from pictrace.shipped import shipped_path
from pictrace.watch import Program, managed_by
from pictrace.watch.survey import Survey

_WIDTH: Final = 112
_INBOX: Final = re.compile(r"in-?box|incoming|eingang|(?:camera|instant) ?uploads?|upload", re.IGNORECASE)
_SYNCED_BY: Final = (Program.SYNCTHING, Program.NEXTCLOUD, Program.DROPBOX)
_ROLES: Final = {
    Role.LIBRARY: "photos are acted on, and may be what stays",
    Role.INBOX: "where new photos land: rules can tell them from those in the library",
    Role.ARCHIVE: "may be offline; never acted on, never the only reason for an act",
    Role.READONLY: "nothing in it is changed; copies of what lies here are found all the same",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What goes into the file; ``rules`` are names of ready-made sets with why each is there, in their order."""

    roots: Sequence[RootConfig]
    rules: Mapping[str, str]
    quarantine: Path | None = None
    state: Path | None = None


def fitting_role(found: Survey, *, has_others: bool) -> Role:
    """Return the role that suits a folder: nothing is acted on where that does harm, or cannot be done."""
    if found.mount.is_readonly or managed_by(found.folder, root=found.folder) is not None:
        return Role.READONLY
    return Role.INBOX if has_others and _INBOX.fullmatch(found.folder.name) else Role.LIBRARY


def fitting_rules(surveys: Sequence[Survey], roles: Sequence[Role], known: Iterable[str]) -> dict[str, str]:
    """Return the sets that suit what was found, each with the reason, those for special cases first."""
    may_act = any(role.may_act for role in roles)
    conflicts = sum(one.conflicts for one in surveys)
    synced = sorted({program.value for one in surveys for program in one.neighbours if program in _SYNCED_BY})
    wanted: dict[str, str] = {}
    if may_act and (synced or conflicts):
        by = f" (here: {', '.join(synced)})" if synced else ""
        wanted["sync-conflicts"] = f"a sync program{by} keeps both photos where one was changed at two places"
        wanted["sync-conflicts"] += f"; {counted(conflicts, 'such file')} seen" if conflicts else ""
    if Role.INBOX in roles and Role.LIBRARY in roles:
        wanted["inbox-gate"] = "a folder is an inbox: what the library has already need not stay there"
    for name, places, what in (
        ("takeout", [place for one in surveys for place in one.takeouts], "a Google Takeout"),
        ("messenger-copies", [place for one in surveys for place in one.messengers], "a messenger's folder"),
    ):
        if may_act and places:
            wanted[name] = f"{shown(places[0])} looks like {what}"
    if Role.ARCHIVE in roles:
        wanted["archive-check"] = "a folder is an archive: what lies there already is named"
    if may_act:
        wanted["exact-copies"] = "proved to be the same picture: put away, and brought back by `pictrace undo`"
    wanted["observe"] = "what no rule above decides is named, and left where it is"
    return {name: why for name, why in wanted.items() if name in set(known)}


def config_text(wishes: Wishes, surveys: Mapping[Path, Survey], known: Iterable[str]) -> str:
    """Return the file; it compiles, and touches nothing: ``act`` is false.

    Raises:
        UsageError: a folder has a name that no such file can hold.
    """
    lines = [
        *_comment("PicTrace, written by `pictrace init`. Nothing is touched while `act` is false."),
        *_comment("`pictrace rules check` reads it, docs/configuration.md names every key."),
        "version: 1",
        "",
        "roots:",
        *(line for root in wishes.roots for line in _root(root, surveys.get(root.path), wishes.quarantine)),
        "",
        *_places(wishes),
        *_comment("false: say what would be done, touch nothing. Look at `pictrace rules simulate` before true."),
        "act: false",
        "",
        *_keep(surveys.values()),
        *_ignore(surveys.values()),
        *_comment(
            "The first rule that matches a finding wins, in this order. docs/rules.md says how to write your own."
        ),
        "rules:",
        *_rules(wishes.rules, known),
    ]
    return "\n".join(lines) + "\n"


def about(found: Survey) -> Iterator[str]:
    """Yield what was found in a folder, a sentence each."""
    more = "" if found.is_complete else "at least "
    yield f"{more}{counted(found.photos, 'photo')}"
    if found.mount.is_remote:
        yield f"on {found.mount.filesystem}, where the kernel tells of no change: looked through every `rescan`"
    if found.mount.is_readonly:
        yield "mounted read-only, so nothing in it can be changed"
    if found.silenced:
        folders = counted(found.silenced, "folder")
        yield f'{folders} passed over because of a marker such as .nomedia (`ignore: ["!.nomedia"]` looks into them)'
    if found.sidecars:
        darktable = ", darktable's among them; their other content is never touched" if found.has_darktable else ""
        yield f"{counted(found.sidecars, 'sidecar')}{darktable}"
    if found.raw_pairs:
        yield f"{counted(found.raw_pairs, 'pair')} of RAW and JPEG: never copies of one another"
    if found.conflicts:
        yield f"{counted(found.conflicts, 'file')} named as a sync program names conflicts"
    for places, what in ((found.messengers, "from a messenger"), (found.takeouts, "from a Takeout")):
        if places:
            yield f"{', '.join(shown(place) for place in places)}: {what}"


def neighbours(found: Survey, *, may_act: bool, quarantine: Path | None) -> Iterator[str]:
    """Yield what other programs make of a folder, a sentence each."""
    said = set()
    for remark in remarks_on(found.folder, may_act=may_act, quarantine=quarantine):
        said.add(remark.about)
        yield remark.words if remark.words.startswith(remark.about) else f"{remark.about}: {remark.words}"
    for one in found.neighbours.values():
        if one.program.value not in said:
            yield f"{one.program.value}, {shown(one.trace)}: {advice_on(one.program)}"


def _root(root: RootConfig, found: Survey | None, quarantine: Path | None) -> Iterator[str]:
    if found is not None:
        sentences = [*about(found), *neighbours(found, may_act=root.role.may_act, quarantine=quarantine)]
        for sentence in sentences:
            yield from _comment(sentence, indent="  ")
    yield f"  - path: {quoted(root.path)}"
    yield f"    role: {root.role.value}    # {_ROLES[root.role]}"


def _places(wishes: Wishes) -> Iterator[str]:
    if wishes.state is not None:
        yield from _comment("What PicTrace remembers.")
        yield f"state: {quoted(wishes.state)}"
        yield ""
    yield from _comment(
        "Where photos are put away: `beside` is .pictrace/quarantine in each root, on its own disk, where moving costs "
        "nothing. `pictrace undo` brings them back; nothing is ever deleted by a rule."
    )
    yield f"quarantine: {'beside' if wishes.quarantine is None else quoted(wishes.quarantine)}"
    yield ""


def _keep(surveys: Iterable[Survey]) -> Iterator[str]:
    has_raw = any(one.raw_pairs for one in surveys)
    more = " RAW comes first: you have RAWs." if has_raw else ""
    yield from _comment(f"Which of two copies stays: the first that tells them apart decides.{more}")
    yield "keep: [raw, more-pixels, better-quality, richer-metadata, older, shorter-name]"
    yield ""


def _ignore(surveys: Iterable[Survey]) -> Iterator[str]:
    if any(one.silenced for one in surveys):
        yield from _comment("Folders with a .nomedia in them are passed over; take the # away to look into them.")
        yield '# ignore: ["!.nomedia"]'
        yield ""


def _rules(chosen: Mapping[str, str], known: Iterable[str]) -> Iterator[str]:
    for name, why in chosen.items():
        yield from _comment(why, indent="  ")
        yield f"  - include: {name}"
    others = [name for name in known if name not in chosen]
    if others:
        yield from _comment("More sets; those for special cases belong before the others:", indent="  ")
    for name in others:
        yield f"  # - include: {name}    # {description(name)}"


def description(name: str) -> str:
    """Return what a ready-made set does, as its own first line says."""
    first = shipped_path(f"rules/{name}.yaml").read_text(encoding="utf-8").partition("\n")[0]
    return first.lstrip("# ").partition("–")[2].strip() or first.lstrip("# ")


def quoted(path: Path) -> str:
    """Return a path as YAML reads it back.

    Raises:
        UsageError: its name is no UTF-8: the file could not hold it.
    """
    try:
        str(path).encode("utf-8")
    except UnicodeEncodeError as problem:
        raise UsageError(f"{shown(path)}: a config cannot hold a name that is not UTF-8: rename it") from problem
    return yaml.safe_dump(str(path), default_style='"', allow_unicode=True, width=10**9).strip()


def _comment(text: str, *, indent: str = "") -> list[str]:
    # What people call their folders must not end the comment.
    printable = "".join(letter if letter.isprintable() else "?" for letter in text)
    start = f"{indent}# "
    return textwrap.wrap(
        printable, _WIDTH, initial_indent=start, subsequent_indent=start, break_long_words=False, break_on_hyphens=False
    )
