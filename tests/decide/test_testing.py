"""Tests of rules: read strictly, and failing where a rule does something else."""

from __future__ import annotations

from pathlib import Path

import pytest

from pictrace.act import ACTIONS
from pictrace.config import Config, RootConfig, parse_yaml
from pictrace.decide import RuleBook, compile_rules
from pictrace.decide.testing import Outcome, named_roots, read_tests, run_test
from pictrace.errors import ConfigError
from pictrace.model import Role

_RULES = """
    - name: small
      when: {relation: rendition, duplicate: {pixels: {at-most: 2000000}}}
      keep: [more-pixels]
      do: [{tag: small}, quarantine]
    """
_TEST = """
    - name: one
      relation: rendition
      new: {path: new.jpg, pixels: 1000x800}
      existing: {path: old.jpg, pixels: 4000x3000}
      expect: EXPECT
    """


def _compiled(rules: str, *roots: RootConfig) -> RuleBook:
    entries = parse_yaml(rules, file=Path("/etc/config.yaml")).items()
    return compile_rules(Config(file=None, roots=roots, state=Path("/state"), rules=entries), ACTIONS)


def _outcomes(tests: str, *, rules: str = _RULES) -> list[Outcome]:
    compiled = _compiled(rules)
    node = parse_yaml(tests, file=Path("/etc/rules.yaml"))
    return [run_test(one, compiled) for one in read_tests(node, compiled, actions=ACTIONS)]


def _differences(expect: str) -> tuple[str, ...]:
    [outcome] = _outcomes(_TEST.replace("EXPECT", expect))
    return outcome.differences


@pytest.mark.parametrize(
    "expect",
    [
        "{rule: small}",
        "{rule: small, keeper: existing, by: more-pixels, held: false}",
        "{rule: small, do: [quarantine, tag]}",
        "{rule: small, do: [{tag: small}, quarantine]}",
    ],
)
def test_a_test_that_says_what_happens_passes(expect: str) -> None:
    assert _differences(expect) == ()


@pytest.mark.parametrize(
    ("expect", "difference"),
    [
        ("{rule: small, keeper: new}", "keeper: expected new, found existing (more-pixels: 12.00 MP against 0.80 MP)"),
        ("{rule: small, by: older}", "by: expected older, found more-pixels: 12.00 MP against 0.80 MP"),
        ("{rule: small, do: [tag]}", "do: expected [tag], found [tag (tags: ['small']), quarantine]"),
        ("{rule: small, do: [quarantine, tag, tag]}", "do: expected [quarantine, tag, tag]"),
        ("{rule: small, do: [{tag: other}, quarantine]}", "do: expected [tag (tags: ['other']), quarantine]"),
        ("{rule: small, held: true}", "held: expected true, found false"),
        ("none", "rule: expected none, found 'small'"),
    ],
)
def test_a_test_that_says_something_else_fails_with_the_difference(expect: str, difference: str) -> None:
    [found] = _differences(expect)

    assert found.startswith(difference)


def test_a_held_plan_fails_a_test_that_does_not_speak_of_it() -> None:
    text = _TEST.replace("pixels: 1000x800", "pixels: 1000x800, arrival: false")

    [silent] = _outcomes(text.replace("EXPECT", "{rule: small}"))
    [speaking] = _outcomes(text.replace("EXPECT", "{rule: small, held: was there before}"))

    assert silent.differences[0].startswith("held: expected false, found new.jpg was there before")
    assert speaking.is_passed


def test_a_rule_that_did_not_match_is_told_with_its_condition() -> None:
    text = _TEST.replace("EXPECT", "{rule: small}").replace("1000x800", "3000x2000")

    [outcome] = _outcomes(text)

    assert outcome.differences == (
        "rule: expected 'small', found none",
        "'small' (config.yaml:2): no: `duplicate.pixels` (config.yaml:3) says no",
    )


@pytest.mark.parametrize("new", ["{path: new.jpg}", "{path: new.jpg, camera: Canon}", "{path: new.jpg, has: [gps]}"])
def test_what_a_test_does_not_say_cannot_be_told(new: str) -> None:
    rules = "[{name: r, when: {new: {not: {pixels: {at-least: 1}}}}, do: [quarantine]}]"
    text = _TEST.replace("{path: new.jpg, pixels: 1000x800}", new).replace("EXPECT", "{rule: r}")

    [outcome] = _outcomes(text, rules=rules)

    assert outcome.differences[1].endswith("cannot tell: `new.not` (config.yaml:1) cannot tell")


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ("new: {camera: 'Canon*'}", "camera: Canon EOS"),
        ("new: {captured-at: {after: 2020-01-01}}", "captured-at: 2020-05-01"),
        ("new: {age: {at-least: 30d}}", "age: 31d"),
        ("new: {has: [gps, captured-at]}", "has: [gps], captured-at: 2020-05-01"),
        ("new: {format: heic}", "format: heic"),
        ("new: {size: {at-least: 2MB}}", "size: 2MB"),
        ("new: {role: inbox}", "role: inbox"),
    ],
)
def test_every_fact_that_a_test_says_is_seen_by_the_rules(condition: str, said: str) -> None:
    rules = f"[{{name: r, when: {{{condition}}}, do: []}}]"
    silent = _TEST.replace("EXPECT", "none")
    speaking = _TEST.replace("pixels: 1000x800", f"pixels: 1000x800, {said}").replace("EXPECT", "{rule: r}")

    assert all(one.is_passed for text in (silent, speaking) for one in _outcomes(text, rules=rules))


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ("similarity: {at-least: 0.9}", "similarity: 0.95"),
        ("edits: {only: [cropped]}", "edits: [cropped]"),
        ("direction: duplicate-from-keeper", "direction: new-from-existing"),
        ("certainty: suspected", "certainty: suspected"),
    ],
)
def test_every_fact_of_the_finding_is_seen_by_the_rules(condition: str, said: str) -> None:
    rules = f"[{{name: r, when: {{{condition}}}, do: []}}]"
    speaking = _TEST.replace("relation: rendition", f"relation: rendition\n      {said}")

    [outcome] = _outcomes(speaking.replace("EXPECT", "{rule: r}"), rules=rules)
    [silent] = _outcomes(_TEST.replace("EXPECT", "none"), rules=rules)

    assert outcome.is_passed
    assert silent.is_passed == (condition != "certainty: suspected")


def test_a_photo_lies_in_the_declared_root_that_it_names() -> None:
    text = _TEST.replace("{path: new.jpg", "{root: Inbox, path: new.jpg").replace("EXPECT", "{rule: r}")
    root = RootConfig(path=Path("/srv/Inbox"), role=Role.INBOX)
    compiled = _compiled("[{name: r, when: {new: {root: Inbox, role: inbox}}, do: []}]", root)

    [test] = read_tests(parse_yaml(text), compiled, actions=ACTIONS, roots=(root,))

    assert test.facts.file.path == Path("/srv/Inbox/new.jpg")
    assert run_test(test, compiled).is_passed


def test_the_roots_of_a_rule_file_are_those_its_tests_name() -> None:
    text = _TEST.replace("{path: new.jpg", "{root: Inbox, path: new.jpg").replace("EXPECT", "none")

    assert named_roots(parse_yaml(text)) == (Path("/Inbox"),)


def test_a_group_has_as_many_photos_as_the_test_says() -> None:
    text = _TEST.replace("relation: rendition", "relation: rendition\n      group: 5").replace("EXPECT", "none")

    [test] = read_tests(parse_yaml(text), _compiled(_RULES), actions=ACTIONS)

    assert len({side.path for side in test.facts.group}) == 5


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("name: one", "title: one", r"2:7: unknown key in a test: 'title'"),
        ("relation: rendition", "relation: copy", r"3:17: unknown relation: 'copy'.*known: same-bytes"),
        ("relation: rendition", "relation: unrelated", r"unknown relation"),
        ("new.jpg,", "/new.jpg,", r"4:19: expected a path below the root"),
        ("new.jpg,", "../new.jpg,", r"expected a path below the root"),
        ("new.jpg,", "new.what,", r"4:19: the name does not tell the format"),
        ("new.jpg,", "old.jpg,", r"4:12: both photos lie at the same path"),
        ("1000x800", "800000", r"4:36: expected width and height, such as 4000x3000"),
        ("pixels: 1000x800", "megapixels: 3", r"4:28: unknown key in a photo: 'megapixels'"),
        ("pixels: 1000x800", "has: [wings]", r"unknown field: 'wings'.*known: gps"),
        ("EXPECT", "{rule: smal}", r"6:22: unknown rule: 'smal'; did you mean 'small'"),
        ("EXPECT", "{keeper: new}", r"needs the key `rule`"),
        ("EXPECT", "{rule: small, do: [burn]}", r"unknown action: 'burn'"),
        ("EXPECT", "{rule: small, by: luck}", r"unknown keep criterion: 'luck'"),
        ("EXPECT", "nothing", r"expected `expect`, which is `none` or a mapping"),
    ],
)
def test_a_wrong_test_is_refused_at_its_place(old: str, new: str, message: str) -> None:
    text = _TEST.replace(old, new).replace("EXPECT", "{rule: small}")

    with pytest.raises(ConfigError, match=rf"(?s){message}"):
        _outcomes(text)


def test_two_tests_of_one_name_are_refused() -> None:
    text = (_TEST + _TEST).replace("EXPECT", "none")

    with pytest.raises(ConfigError, match=r"the name 'one' is taken by the test at rules.yaml:2"):
        _outcomes(text)
