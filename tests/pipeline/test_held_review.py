"""Thousands of held plans are looked at a page at a time, and what a person refused is not wanted again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pictrace.config import Brake, load_config
from pictrace.decide import compile_rules
from pictrace.model import Change, ChangeKind, ChangeState
from pictrace.pipeline import responder as responder_module
from pictrace.pipeline.acting import known_actions
from pictrace.pipeline.braking import Braking
from pictrace.pipeline.findings import Findings
from pictrace.pipeline.objections import REFUSED
from pictrace.pipeline.responder import Responder
from pictrace.store import Journal

from .conftest import make_responder  # type: ignore[import-not-found]

COPIES = 5


@pytest.fixture
def held(line, photographs, tmp_path: Path):
    """Return a responder that holds five plans, and its journal."""
    photographs["cat"].save(line.folder / "cat.jpg")
    line.land("cat.jpg")
    for number in range(COPIES):
        (line.folder / f"copy-{number}.jpg").write_bytes((line.folder / "cat.jpg").read_bytes())
        line.land(f"copy-{number}.jpg")
    config = tmp_path / "config.yaml"
    config.write_text(
        f"version: 1\nroots:\n  - path: {json.dumps(str(line.folder))}\nact: true\nbrake: 1/h\n"
        "rules:\n  - include: exact-copies\n"
    )
    config.chmod(0o600)
    loaded = load_config(config)
    with Journal.open(tmp_path / "state") as journal:
        findings = Findings(library=line.library, index=line.index, journal=journal)
        braking = Braking(Brake(count_per_hour=1), library=line.library, index=line.index, journal=journal)
        responder = make_responder(loaded, line, journal, findings=findings, braking=braking)
        for row in line.index.files.files():
            for finding in findings.of_file(row):
                braking.hold(responder.decided(finding, is_backlog_allowed=False), is_backlog_allowed=False)
        assert len(journal.brake.held_plans()) == COPIES
        yield responder, journal


def unwant(responder: Responder, line, tmp_path: Path) -> None:
    """Give it rules that want nothing of this."""
    config = tmp_path / "other.yaml"
    config.write_text(
        f"version: 1\nroots:\n  - path: {json.dumps(str(line.folder))}\nact: true\nrules:\n  - include: observe\n"
    )
    config.chmod(0o600)
    loaded = load_config(config)
    responder.planner.rules = compile_rules(loaded, known_actions(loaded))


def test_held_plans_are_reviewed_a_page_at_a_time(held, line, tmp_path, monkeypatch) -> None:
    responder, journal = held
    monkeypatch.setattr(responder_module, "_MOST_REVIEWED", 2)
    unwant(responder, line, tmp_path)

    responder.review_held()
    left = [len(journal.brake.held_plans())]
    looked_at = []
    while not looked_at or looked_at[-1]:
        looked_at.append(responder.let_go(10))
        left.append(len(journal.brake.held_plans()))

    assert looked_at == [2, 2, 1, 0]
    assert left == [5, 3, 1, 0, 0]


def test_who_has_nothing_else_to_do_has_them_reviewed_at_once(held, line, tmp_path, monkeypatch) -> None:
    responder, journal = held
    monkeypatch.setattr(responder_module, "_MOST_REVIEWED", 2)

    responder.review_held_now()
    wanted = len(journal.brake.held_plans())
    unwant(responder, line, tmp_path)
    responder.review_held_now()

    assert wanted == COPIES
    assert journal.brake.held_plans() == []


def test_what_was_refused_is_not_wanted_again_by_that_rule(held, line) -> None:
    responder, journal = held
    copies = {row.path.name: row for row in line.index.files.files()}
    contents = (line.hash("cat.jpg"), line.hash("cat.jpg"))

    journal.brake.refuse([(plan, contents) for plan in journal.brake.held_plans()])
    [finding] = responder._findings.of_file(copies["copy-1.jpg"])
    event = responder.decided(finding, is_backlog_allowed=False)
    responder.respond(copies["copy-1.jpg"])

    assert event.plan is not None
    assert event.plan.held == REFUSED
    assert journal.brake.held_plans() == []
    assert copies["copy-1.jpg"].path.exists()


@pytest.mark.parametrize("state", [ChangeState.PLANNED, ChangeState.COPIED, ChangeState.ABORTED])
def test_a_file_whose_change_is_not_ended_is_tried_again(held, line, monkeypatch, state) -> None:
    responder, _ = held
    row = next(row for row in line.index.files.files() if row.path.name == "copy-1.jpg")
    [finding] = responder._findings.of_file(row)
    left = Change(
        id=1,
        kind=ChangeKind.QUARANTINE,
        state=state,
        root=row.root,
        source=row.path,
        target=None,
        content_hash=row.content_hash,
        error="Input/output error",
    )
    monkeypatch.setattr(responder, "carry_out", lambda _: [left])

    is_done = responder._try(responder.decided(finding, is_backlog_allowed=False), row)

    assert not is_done
    assert [failed.count for failed in responder.retries.failed()] == [1]
