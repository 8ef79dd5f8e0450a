"""The report: one page of HTML that holds all it shows, and loads nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from pictrace.cli.history import past_words
from pictrace.cli.page_parts import card, head, named, text
from pictrace.cli.show import counted, file_size
from pictrace.errors import shown
from pictrace.match.wording import direction_words, edit_words
from pictrace.model import Certainty, Match, PhotoFile, Plan
from pictrace.pipeline.events import FindingEvent
from pictrace.pipeline.past import Past
from pictrace.pipeline.stars import Star

Thumbnails = Callable[[Path], bytes | None]


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
    yield from head("PicTrace report", made_at, kind="report")
    yield _numbers(all_groups)
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
    return f"<dl>{''.join(f'<div><dt>{text(k)}</dt><dd>{text(v)}</dd></div>' for k, v in rows.items())}</dl>\n"


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
    return f'<section>\n<h2>{text(title)}</h2>\n<div class="photos">\n{"".join(cards)}</div>\n</section>\n'


def _first(star: Star, thumbnails: Thumbnails) -> str:
    lines = [named(star.head.path), f"<p>{text(file_size(star.head.key.size_bytes))}</p>", _done(star, star.head)]
    label, style = ("stays", "good") if star.is_kept else ("related to these", "other")
    return card(thumbnails(star.head.path), label, style, lines, is_keeper=star.is_kept)


def _member(event: FindingEvent, star: Star, thumbnails: Thumbnails) -> str:
    """Return the card of the photo of a finding that is not the one shown first."""
    finding, match = event.finding, event.finding.match
    file = star.shown(event)
    other = finding.other if file is finding.file else finding.file
    sure = f"{match.certainty.value}, similarity {match.similarity:.2f}, {file_size(file.key.size_bytes)}"
    names = shown(finding.file.path.name), shown(finding.other.path.name)
    lines = [
        named(file.path),
        "" if other.path == star.head.path else f'<p class="faint">with {text(shown(other.path))}</p>',
        f"<p>{text(sure)}</p>",
        _edits(match),
        f'<p class="faint">{text(direction_words(match, *names))}</p>' if match.relation.is_copy else "",
        "" if event.plan is None else _plan(event.plan),
        _done(star, file),
    ]
    return card(thumbnails(file.path), match.relation.value, _style_of(match), lines)


def _put_away(past: Past, thumbnails: Thumbnails) -> str:
    change = past.change
    found = past.finding()
    lines = [
        named(change.source),
        "" if found is None else f"<p>{text(found[2].certainty.value)}, similarity {found[2].similarity:.2f}</p>",
        "" if found is None else _edits(found[2]),
        f"<ul><li>{text(past_words(past))}</li></ul>",
    ]
    label = "in quarantine" if found is None else f"{found[2].relation.value}, in quarantine"
    return card(None if change.target is None else thumbnails(change.target), label, "doubt", lines)


def _edits(match: Match) -> str:
    words = [edit_words(edit, match.direction) for edit in match.edits]
    return f"<ul>{''.join(f'<li>{text(word)}</li>' for word in words)}</ul>" if words else ""


def _plan(plan: Plan) -> str:
    actions = ", ".join(step.action for step in plan.steps)
    wanted = f"{actions} {shown(plan.duplicate.name)}" if actions else "left alone"
    place = f" ({plan.place})" if plan.place else ""
    lines = [
        f"<li>{text(wanted)}: rule ‘{text(shown(plan.rule))}’{text(place)}</li>",
        f"<li>{text(shown(plan.keeper.name))} stays by {text(shown(plan.keeper_reason))}</li>",
    ]
    lines += [] if plan.held is None else [f"<li><b>held:</b> {text(shown(plan.held))}</li>"]
    return f"<ul>{''.join(lines)}</ul>"


def _done(star: Star, file: PhotoFile) -> str:
    """Return what was done to a file that is there; what was put away has cards of its own."""
    pasts = [
        past for past in star.pasts.get(file.content_hash, ()) if file.path in (past.change.source, past.change.target)
    ]
    return f"<ul>{''.join(f'<li>{text(past_words(past))}</li>' for past in pasts)}</ul>" if pasts else ""


def _style_of(match: Match) -> str:
    if not match.relation.is_copy:
        return "other"
    return "doubt" if match.certainty is Certainty.SUSPECTED else "good"
