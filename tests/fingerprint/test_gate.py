"""Many at a time, or one alone."""

from __future__ import annotations

import threading

from pictrace.fingerprint.gate import Gate

WAIT_SECONDS = 60
SHORT_SECONDS = 0.2


def start(target):
    thread = threading.Thread(target=target, daemon=True)
    thread.start()
    return thread


def test_many_may_be_inside_together():
    gate, both = Gate(), threading.Barrier(2)

    def share():
        with gate.shared():
            both.wait(WAIT_SECONDS)

    threads = [start(share) for _ in range(2)]

    for thread in threads:
        thread.join(WAIT_SECONDS)
    assert not both.broken


def test_who_wants_to_be_alone_waits_and_is_then_alone():
    gate, is_in, may_go = Gate(), threading.Event(), threading.Event()

    def be_alone():
        with gate.alone():
            is_in.set()
            may_go.wait(WAIT_SECONDS)

    with gate.shared():
        alone = start(be_alone)
        assert not is_in.wait(SHORT_SECONDS)
    assert is_in.wait(WAIT_SECONDS)

    others = []
    threads = [start(lambda: _enter(gate.shared, others)), start(lambda: _enter(gate.alone, others))]
    for thread in threads:
        thread.join(SHORT_SECONDS)
    assert others == []

    may_go.set()
    for thread in (alone, *threads):
        thread.join(WAIT_SECONDS)
    assert len(others) == 2


def test_nobody_enters_before_who_waits_to_be_alone():
    gate, order = Gate(), []
    with gate.shared():
        alone = start(lambda: _enter(gate.alone, order, "alone"))
        while not gate._wanting_alone:
            alone.join(0.01)
        late = start(lambda: _enter(gate.shared, order, "late"))
        late.join(SHORT_SECONDS)
        assert order == []

    for thread in (alone, late):
        thread.join(WAIT_SECONDS)
    assert order == ["alone", "late"]


def _enter(way, order, word="in"):
    with way():
        order.append(word)
