"""Rules in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pictrace.decide import describe_rules

Make = Callable[..., Any]


def test_a_rule_is_described_by_what_it_may_match(book: Make) -> None:
    rules = book("""
        - {name: exact, when: {relation: [same-pixels, same-bytes]}, do: [{tag: x}, quarantine]}
        - {when: {duplicate: {path: 'a/**'}}, do: [quarantine]}
        - {when: {any: [{relation: burst}, {relation: edited}]}, do: [ignore]}
        """)

    exact, moving, protecting = describe_rules(rules)

    assert exact.to_json() == {
        "name": "exact",
        "place": "config.yaml:2",
        "relations": ["same-bytes", "same-pixels"],
        "actions": ["tag", "quarantine"],
        "keep": ["raw", "more-pixels", "better-quality", "richer-metadata", "older", "shorter-name"],
        "keep_is_own": False,
    }
    assert str(exact).split() == ["config.yaml:2", "exact:", "same-bytes,", "same-pixels", "→", "tag,", "quarantine"]
    assert (moving.name, moving.relations) == ("rule 2", ("same-bytes", "same-pixels", "rendition"))
    assert "burst" in protecting.relations
    assert str(protecting).endswith("→ nothing")


def test_a_keep_of_its_own_is_said(book: Make) -> None:
    rules = book(
        """
        - {name: a, when: {relation: rendition}, do: [quarantine]}
        - {name: b, when: {relation: edited}, keep: [{in: 'Albums/**'}, newer], do: []}
        """,
        keep="[older]",
    )

    first, second = describe_rules(rules)

    assert (first.keep, first.is_keep_own) == (("older",), False)
    assert "keep" not in str(first)
    assert str(second).splitlines()[1].strip() == "its own keep, not that of the config: in, newer"
    assert second.to_json()["keep_is_own"] is True
