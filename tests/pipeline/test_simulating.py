"""What rules would do to everything known: counted, compared, and nothing touched."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import Any

from pictrace.model import Change, ChangeKind, ChangeState, Relation, Role, Verdict, Word
from pictrace.pipeline.findings import Findings
from pictrace.pipeline.library import Library
from pictrace.pipeline.simulating import Simulator
from pictrace.pipeline.standing import StandingLibrary
from pictrace.pipeline.tally import Tally, held_by_brake
from pictrace.store import Index, Journal, StandingIndex, StandingJournal


def _counts(tally: Tally) -> dict[tuple[str | None, str], tuple[int, int]]:
    return {(one.rule, one.relation.value): (one.findings, len(one.moved)) for one in tally.rules()}


def test_findings_are_counted_by_rule_and_relation(full: Any) -> None:
    tally = full.simulated()

    assert _counts(tally) == {
        ("exact", "same-bytes"): (2, 2),
        ("small", "rendition"): (1, 0),
        (None, "burst"): (1, 0),
        (None, "rendition"): (1, 0),
    }
    assert (tally.findings, tally.freed_bytes) == (5, 6)


def test_a_photo_that_several_findings_want_moved_is_counted_once(store: Any) -> None:
    first, second = store.add("a.jpg", "one"), store.add("b.jpg", "two")
    collage = store.add("Inbox/c.jpg", "collage", pixels=20)
    store.relate(collage, first, Relation.PART)
    store.relate(collage, second, Relation.PART)

    tally = store.simulated("[{name: parts, when: {relation: part}, keep: [more-pixels], do: [quarantine]}]")

    assert _counts(tally) == {("parts", "part"): (2, 1)}
    assert tally.freed_bytes == len("collage")


def test_a_move_frees_nothing(full: Any) -> None:
    tally = full.simulated("[{name: r, when: {relation: same-bytes}, do: [{move: Twice}]}]")

    assert (len(tally.moved), tally.freed_bytes) == (2, 0)


def test_only_files_of_the_folders_and_since_then_are_looked_at(full: Any) -> None:
    inbox = full.root.path / "Inbox"

    assert full.simulated(folders=[inbox]).findings == 2
    assert full.simulated(since=300.0).findings == 2
    assert full.simulated(folders=[inbox], since=300.0).findings == 1


def test_a_file_that_went_or_changed_is_left_out(full: Any) -> None:
    (full.root.path / "burst.jpg").unlink()
    (full.root.path / "copy of a.jpg").write_text("changed")

    assert full.simulated().findings == 3


def test_equal_reasons_to_hold_are_counted_together(full: Any) -> None:
    full.index.roots.put_root(replace(full.root, role=Role.READONLY))

    [exact] = [one for one in full.simulated().rules() if one.rule == "exact"]

    assert dict(exact.held) == {"a photo lies in a root with the role readonly: nothing in it is changed": 2}
    assert not exact.moved


def test_what_a_person_took_back_is_held(full: Any) -> None:
    taken_back = Change(
        id=0,
        kind=ChangeKind.QUARANTINE,
        state=ChangeState.UNDONE,
        root="one",
        source=full.root.path / "copy of a.jpg",
        target=None,
        content_hash=hashlib.sha256(b"one").digest(),
    )
    with Journal.open(full.state) as journal:
        journal.plan([taken_back])

    [exact] = [one for one in full.simulated().rules() if one.rule == "exact"]

    assert dict(exact.held) == {"you took this back (an earlier change)": 2}


def test_the_two_formats_of_one_exposure_are_held(store: Any) -> None:
    for number in (1, 2):
        raw = store.add(f"IMG_{number}.cr3", f"raw {number}", pixels=100)
        store.relate(store.add(f"IMG_{number}.jpg", f"jpeg {number}", pixels=50), raw)

    [tally] = store.simulated("[{name: r, when: {relation: rendition}, do: [quarantine]}]").rules()

    reason = "a photo and a photo are companions: one exposure in two formats, no copies of each other"
    assert dict(tally.held) == {reason: 2}


def test_a_raw_whose_name_has_other_letters_holds_its_jpeg(store: Any) -> None:
    for name in ("0.txt", "IMG_1.CR3", "ZZ.txt"):
        store.add(name, f"content of {name}")
    for name in ("kept/img_1.jpg", "img_1.jpg"):
        store.add(name, "jpeg")

    [tally] = store.simulated(
        "[{name: r, when: {relation: same-bytes}, keep: [{in: 'kept/**'}], do: [quarantine]}]"
    ).rules()

    assert (tally.held.total(), len(tally.moved)) == (1, 0)


def test_a_group_with_another_keeper_is_held_for_one_reason(store: Any) -> None:
    for number in (1, 2):
        head = store.add(f"head {number}.jpg", f"head {number}", pixels=50)
        for member, pixels in (("b", 40), ("best", 90)):
            store.relate(store.add(f"{member} {number}.jpg", f"{member} {number}", pixels=pixels), head)

    rule = "{name: r, when: {relation: rendition}, keep: [more-pixels], do: [quarantine]}"
    [tally] = store.simulated(f"[{rule}]").rules()

    assert (tally.findings, len(tally.moved)) == (4, 2)
    assert dict(tally.held) == {"a photo is the one to keep of this group, and a photo was not compared with it": 2}


def test_a_folder_that_a_person_closed_is_held(full: Any) -> None:
    (full.root.path / ".nopictrace").write_text("")

    [exact] = [one for one in full.simulated().rules() if one.rule == "exact"]

    assert (exact.held.total(), len(exact.moved)) == (2, 0)


def test_each_folder_that_photos_would_be_put_in_is_looked_at(full: Any) -> None:
    closed = full.root.path / "another copy of a"
    closed.mkdir()
    (closed / ".nopictrace").touch()
    rule = "{name: r, when: {relation: same-bytes}, keep: [shorter-name], do: [{move: '{stem}'}]}"

    [tally] = [one for one in full.simulated(f"[{rule}]").rules() if one.rule == "r"]

    assert tally.moved == {full.root.path / "copy of a.jpg"}
    assert tally.held.total() == 1


def test_the_differences_to_the_active_rules_are_told(full: Any) -> None:
    active = full.rules.replace("name: small", "name: tiny").replace("keep: [shorter-name]", "keep: [newer]")

    differences = full.simulated(active=active).differences()

    assert [(one.findings, one.before, one.after, one.is_other_keeper) for one in differences] == [
        (2, "'exact': quarantine", "'exact': quarantine", True),
        (1, "'tiny': tag", "'small': tag", False),
    ]
    assert len(differences[0].examples) == 1


def test_the_same_rules_differ_in_nothing(full: Any) -> None:
    assert not full.simulated(active=full.rules).differences()


def test_the_brake_holds_what_is_more_than_its_limit(full: Any) -> None:
    config = full.config()
    with Simulator(config, config) as simulator:
        limits = simulator.limits()

    assert limits == {"one": 1}
    assert held_by_brake(full.simulated().moved.values(), limits) == 1
    assert held_by_brake(full.simulated().moved.values(), {}) == 0


def test_nothing_is_written(full: Any) -> None:
    Journal.open(full.state).close()
    before = {path: path.read_bytes() for path in full.state.parent.rglob("*") if path.suffix in (".db", ".jpg")}

    full.simulated(active="[]")

    assert {
        path: path.read_bytes() for path in full.state.parent.rglob("*") if path.suffix in (".db", ".jpg")
    } == before


def test_what_is_read_in_one_go_is_what_is_asked_for_one_by_one(full: Any) -> None:
    third = full.add("third.jpg", "third", pixels=10)
    full.relate(third, full.add("Inbox/small.jpg", "two", pixels=50))

    def facts(index: Index, journal: Journal, library: Library) -> list[object]:
        findings = Findings(library=library, index=index, journal=journal)
        found = [one for file in index.files.files() for one in findings.of_file(file)]
        bare = [replace(one, match=replace(one.match, evidence=())) for one in found]
        return [findings.facts(one, now=1e9, is_backlog_allowed=True) for one in bare]

    with StandingIndex.read(full.state) as index, StandingJournal.read(full.state) as journal:
        at_once = facts(index, journal, StandingLibrary(index))
    with Index.read(full.state) as index, Journal.read(full.state) as journal:
        one_by_one = facts(index, journal, Library.known(index))

    assert at_once == one_by_one
    assert len(at_once) == 6
    assert any(len(one.group) > 2 for one in at_once)


def test_what_a_person_said_holds_in_a_simulation(full: Any) -> None:
    small, first = (hashlib.sha256(text).digest() for text in (b"two", b"one"))
    said = [(small, first, Word.NOT_DUPLICATE), (first, hashlib.sha256(b"three").digest(), Word.SAME_BURST)]
    with Journal.open(full.state) as journal:
        journal.verdicts.put(
            Verdict(first_hash=min(a, b), second_hash=max(a, b), word=word, made_at=1.0) for a, b, word in said
        )

    counts = _counts(full.simulated())

    assert counts == {("exact", "same-bytes"): (2, 2), (None, "burst"): (2, 0)}


def test_an_example_is_told_with_its_files(full: Any) -> None:
    [exact] = [one.to_json() for one in full.simulated().rules() if one.rule == "exact"]

    assert json.loads(json.dumps(exact))["examples"][0]["file"].endswith("copy of a.jpg")
    assert (exact["event"], exact["findings"], exact["moved"], exact["freed_bytes"]) == ("simulation", 2, 2, 6)
