"""YAML as it is read: the core schema, places, and generated texts."""

from __future__ import annotations

import json

import hypothesis.strategies as st
import pytest
from hypothesis import given

from pictrace.config import parse_yaml
from pictrace.errors import ConfigError

_PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**17), 10**17)
    | st.text(st.characters(max_codepoint=0xD7FF, exclude_categories=["Cc", "Zl", "Zp"]), max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc-", min_size=1), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"),
        ("on", "on"),
        ("Off", "Off"),
        ("true", True),
        ("FALSE", False),
        ("~", None),
        ("null", None),
        ("12:30:00", "12:30:00"),
        ("2024-05-31", "2024-05-31"),
        ("0777", 777),
        ("1_000", "1_000"),
        ("0x10", "0x10"),
        ("1.5", 1.5),
        ("-2e3", -2000.0),
        (".5", 0.5),
        (".nan", ".nan"),
        ("'1'", "1"),
        ('"a\\tb"', "a\tb"),
        ("=", "="),
        ("9" * 30, "9" * 30),
    ],
)
def test_scalars_are_those_of_the_core_schema(text: str, value: object) -> None:
    found = parse_yaml(text).plain()

    assert found == value
    assert type(found) is type(value)


def test_every_value_knows_its_place() -> None:
    node = parse_yaml("a:\n  - b\n  - {c: d}\n")

    places = [(entry.line, entry.column) for entry in node.section("x", ("a",))["a"].items()]
    assert places == [(2, 5), (3, 5)]


@given(_PLAIN)
def test_json_is_read_back_as_it_was(value: object) -> None:
    # JSON escapes as YAML does, but for surrogate pairs: other letters are written as they are.
    assert parse_yaml(json.dumps(value, ensure_ascii=False) + "\n").plain() == value


@given(st.text(max_size=60))
def test_whatever_stands_there_it_is_read_or_refused_with_a_place(text: str) -> None:
    line: int | None = 1

    try:
        parse_yaml(text)
    except ConfigError as refused:
        line = refused.line

    assert line is not None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("path: **/WhatsApp/**", "**/WhatsApp/**"),
        ("path: *.jpg", "*.jpg"),
        ("path: *jpg", "*jpg"),
        ("do: [move: Copies/{year}]", "Copies/{year}"),
        ("move: {year}/{month}", "{year}/{month}"),
        ("ignore: [!keep, b]", "!keep"),
        ("tag: @home", "@home"),
        ("tag: %a", "%a"),
        ("tag: &a", "&a"),
    ],
)
def test_a_value_that_needs_quotes_is_told_so(text: str, value: str) -> None:
    with pytest.raises(ConfigError) as refused:
        parse_yaml(text)

    assert str(refused.value).endswith(f'; put the value in quotes: "{value}"')


@pytest.mark.parametrize("text", ["a: {b", "a: [x", "a: b: c", "urls: [mailto://anna:se{cret@host]"])
def test_no_value_is_shown_that_quotes_do_not_help_or_that_may_hold_a_password(text: str) -> None:
    with pytest.raises(ConfigError) as refused:
        parse_yaml(text)

    assert 'quotes: "' not in str(refused.value)
