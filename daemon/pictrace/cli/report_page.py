"""The report: one page of HTML that holds all it shows, and loads nothing."""

from __future__ import annotations

import base64
import hashlib
import html
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

from pictrace.cli.history import past_words
from pictrace.cli.show import counted, file_size
from pictrace.errors import shown
from pictrace.match.wording import direction_words, edit_words
from pictrace.model import Certainty, Match, PhotoFile, Plan
from pictrace.pipeline.events import FindingEvent
from pictrace.pipeline.past import Past
from pictrace.pipeline.stars import Star

Thumbnails = Callable[[Path], bytes | None]

_STYLE: Final = """
:root { color-scheme: light dark; --ink: #1c2026; --faint: #5b6470; --paper: #fff; --card: #f4f6f8;
  --line: #d5dae0; --good: #187e3e; --doubt: #96600a; --other: #5c626c; --accent: #0b57b0; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8eaed; --faint: #a3acb8; --paper: #14171b; --card: #1d2127;
  --line: #363c45; --good: #2f9e5b; --doubt: #b9802c; --other: #7d858f; --accent: #7db4ff; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 76rem; padding: 1rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.45 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; margin: .5rem 0; } h2 { font-size: 1.05rem; margin: 0 0 .6rem; }
p { margin: .3rem 0; } .faint { color: var(--faint); font-size: .875rem; }
dl { display: flex; flex-wrap: wrap; gap: .5rem 1.75rem; margin: 1rem 0; padding: 0; }
dl div { min-width: 6rem; } dt { color: var(--faint); font-size: .8rem; } dd { margin: 0; font-size: 1.3rem; }
section { border-top: 1px solid var(--line); padding: 1rem 0; content-visibility: auto;
  contain-intrinsic-size: auto 22rem; }
.photos { display: grid; gap: .75rem; grid-template-columns: repeat(auto-fill, minmax(min(15rem, 100%), 1fr)); }
figure { margin: 0; padding: .6rem; background: var(--card); border: 1px solid var(--line); border-radius: .5rem; }
figure.keeper { border: 2px solid var(--good); }
img, .blank { display: block; width: 100%; height: 10rem; object-fit: contain; margin-bottom: .4rem; }
.blank { display: grid; place-items: center; color: var(--faint); border: 1px dashed var(--line); font-size: .85rem; }
.name { font-weight: 600; } code { font-size: .85em; color: var(--accent); }
.mark { display: inline-block; padding: 0 .5rem; border-radius: 1rem; background: var(--other); color: #fff;
  font-size: .8rem; font-weight: 600; }
.good { background: var(--good); } .doubt { background: var(--doubt); }
ul { margin: .2rem 0; padding-left: 1.1rem; font-size: .875rem; }
@media print { body { max-width: none; font-size: 10pt; } section { content-visibility: visible; }
  figure { break-inside: avoid; } h2 { break-after: avoid; } }
"""


def page(
    stars: Sequence[Star], thumbnails: Thumbnails, *, left_out: int, made_at: str, all_groups: Sequence[Star]
) -> str:
    """Return the page.

    Args:
        stars: the groups that are shown.
        thumbnails: gives the JPEG of a photo, None where it cannot be shown.
        left_out: how many groups are not.
        made_at: when, for people.
        all_groups: what the numbers at the top count.
    """
    return "".join(_page(stars, thumbnails, left_out=left_out, made_at=made_at, all_groups=all_groups))


def _page(
    stars: Sequence[Star], thumbnails: Thumbnails, *, left_out: int, made_at: str, all_groups: Sequence[Star]
) -> Iterator[str]:
    # Nothing is loaded and nothing runs, whatever a name may smuggle in; only this very style is obeyed.
    digest = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    policy = f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'; form-action 'none'; base-uri 'none'"
    yield '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
    yield f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    yield '<meta name="generator" content="PicTrace report">\n<meta name="referrer" content="no-referrer">\n'
    yield f"<title>PicTrace report, {_text(made_at)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
    yield f'<header>\n<h1>PicTrace report</h1>\n<p class="faint">{_text(made_at)}</p>\n{_numbers(all_groups)}'
    if left_out:
        yield f"<p><b>{counted(left_out, 'more group')}</b> not shown here: give a higher --limit.</p>\n"
    yield "</header>\n<main>\n"
    for number, star in enumerate(stars, start=1):
        yield _section(number, star, thumbnails)
    if not stars:
        yield "<p>Nothing was found.</p>\n"
    yield "</main>\n</body>\n</html>\n"


def _numbers(stars: Sequence[Star]) -> str:
    events = [event for star in stars for event in star.events]
    plans = [event.plan for event in events if event.plan is not None and event.plan.steps]
    away = [past for star in stars for past in star.away]
    rows = {
        "groups": str(len(stars)),
        "findings": str(len(events)),
        **_by_relation(events),
        "planned": str(sum(plan.held is None for plan in plans)),
        "held": str(sum(plan.held is not None for plan in plans)),
        "in quarantine": f"{len(away)} ({file_size(sum(_size(past) for past in away))})",
    }
    return f"<dl>{''.join(f'<div><dt>{_text(k)}</dt><dd>{_text(v)}</dd></div>' for k, v in rows.items())}</dl>\n"


def _by_relation(events: Sequence[FindingEvent]) -> dict[str, str]:
    relations = [event.finding.match.relation for event in events]
    return {relation.value: str(relations.count(relation)) for relation in dict.fromkeys(sorted(relations))}


def _size(past: Past) -> int:
    return 0 if past.change.key is None else past.change.key.size_bytes


def _section(number: int, star: Star, thumbnails: Thumbnails) -> str:
    cards = [_first(star, thumbnails)]
    cards += [_member(event, star, thumbnails) for event in star.events]
    cards += [_put_away(past, thumbnails) for past in star.away]
    title = f"{number}. {shown(star.head.path.name)}"
    return f'<section>\n<h2>{_text(title)}</h2>\n<div class="photos">\n{"".join(cards)}</div>\n</section>\n'


def _first(star: Star, thumbnails: Thumbnails) -> str:
    lines = [_named(star.head.path), f"<p>{_text(file_size(star.head.key.size_bytes))}</p>", _done(star, star.head)]
    label, style = ("stays", "good") if star.is_kept else ("related to these", "other")
    return _card(thumbnails(star.head.path), label, style, lines, is_keeper=star.is_kept)


def _member(event: FindingEvent, star: Star, thumbnails: Thumbnails) -> str:
    """Return the card of the photo of a finding that is not the one shown first."""
    finding, match = event.finding, event.finding.match
    file = star.shown(event)
    other = finding.other if file is finding.file else finding.file
    sure = f"{match.certainty.value}, similarity {match.similarity:.2f}, {file_size(file.key.size_bytes)}"
    names = shown(finding.file.path.name), shown(finding.other.path.name)
    lines = [
        _named(file.path),
        "" if other.path == star.head.path else f'<p class="faint">with {_text(shown(other.path))}</p>',
        f"<p>{_text(sure)}</p>",
        _edits(match),
        f'<p class="faint">{_text(direction_words(match, *names))}</p>' if match.relation.is_copy else "",
        "" if event.plan is None else _plan(event.plan),
        _done(star, file),
    ]
    return _card(thumbnails(file.path), match.relation.value, _style_of(match), lines)


def _put_away(past: Past, thumbnails: Thumbnails) -> str:
    change = past.change
    found = past.finding()
    lines = [
        _named(change.source),
        "" if found is None else f"<p>{_text(found[2].certainty.value)}, similarity {found[2].similarity:.2f}</p>",
        "" if found is None else _edits(found[2]),
        f"<ul><li>{_text(past_words(past))}</li></ul>",
    ]
    label = "in quarantine" if found is None else f"{found[2].relation.value}, in quarantine"
    return _card(None if change.target is None else thumbnails(change.target), label, "doubt", lines)


def _card(picture: bytes | None, label: str, style: str, lines: list[str], *, is_keeper: bool = False) -> str:
    shown_as = '<div class="blank">cannot be shown</div>'
    if picture is not None:
        shown_as = f'<img alt="" src="data:image/jpeg;base64,{base64.b64encode(picture).decode()}">'
    kind = ' class="keeper"' if is_keeper else ""
    mark = f'<p><span class="mark {style}">{_text(label)}</span></p>'
    return f"<figure{kind}>{shown_as}<figcaption>{mark}{''.join(lines)}</figcaption></figure>\n"


def _named(path: Path) -> str:
    folder = shown(os.path.join(path.parent, ""))  # noqa: PTH118 – with the slash at its end
    return f'<p class="name">{_text(shown(path.name))}</p><p class="faint">{_text(folder)}</p>'


def _edits(match: Match) -> str:
    words = [edit_words(edit, match.direction) for edit in match.edits]
    return f"<ul>{''.join(f'<li>{_text(word)}</li>' for word in words)}</ul>" if words else ""


def _plan(plan: Plan) -> str:
    actions = ", ".join(step.action for step in plan.steps)
    wanted = f"{actions} {shown(plan.duplicate.name)}" if actions else "left alone"
    place = f" ({plan.place})" if plan.place else ""
    lines = [
        f"<li>{_text(wanted)}: rule ‘{_text(shown(plan.rule))}’{_text(place)}</li>",
        f"<li>{_text(shown(plan.keeper.name))} stays by {_text(shown(plan.keeper_reason))}</li>",
    ]
    lines += [] if plan.held is None else [f"<li><b>held:</b> {_text(shown(plan.held))}</li>"]
    return f"<ul>{''.join(lines)}</ul>"


def _done(star: Star, file: PhotoFile) -> str:
    """Return what was done to a file that is there; what was put away has cards of its own."""
    pasts = [
        past for past in star.pasts.get(file.content_hash, ()) if file.path in (past.change.source, past.change.target)
    ]
    return f"<ul>{''.join(f'<li>{_text(past_words(past))}</li>' for past in pasts)}</ul>" if pasts else ""


def _style_of(match: Match) -> str:
    if not match.relation.is_copy:
        return "other"
    return "doubt" if match.certainty is Certainty.SUSPECTED else "good"


def _text(words: str) -> str:
    return html.escape(words, quote=True).encode("utf-8", "backslashreplace").decode()
