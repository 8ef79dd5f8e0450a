"""Rules that are wrong: each complaint gives file, line and column, and the known names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from pictrace.act import ACTIONS
from pictrace.config import parse_yaml
from pictrace.decide import config_schema
from pictrace.errors import ConfigError
from pictrace.model import Role

Make = Callable[..., Any]
SCHEMA = Draft202012Validator(config_schema(ACTIONS))


def _when(more: str) -> str:
    """Return a rule with one more condition; what is wrong with it stands on line 5."""
    return f"- name: r\n  do: [notify]\n  when:\n    relation: rendition\n    {more}\n"


def _do(step: str) -> str:
    """Return a rule with one more action, on line 4."""
    return f"- when: {{relation: rendition}}\n  do:\n    - notify\n    - {step}\n"


def _keep(line: str) -> str:
    """Return a rule with a keeper policy, on line 2."""
    return f"- when: {{relation: rendition}}\n  keep: [{line}]\n  do: []\n"


WRONG = [
    # rule, line, what the message says
    ("- just text", 1, "expected a rule with keys out of: name, when, keep, do, continue, found 'just text'"),
    ("- {when: {relation: rendition}}", 1, "a rule needs the key `do`; known: name, when, keep, do, continue"),
    ("- {do: [notify]}", 1, "a rule needs the key `when`"),
    ("- when: {relation: rendition}\n  do: [notify]\n  wen: 1", 3, "did you mean 'when'?"),
    ("- {when: {}, do: []}", 1, "at least one condition out of: relation, edits, similarity, certainty, direction"),
    ("- {when: [relation], do: []}", 1, "found a list"),
    ("- {when: {relation: rendition}, do: notify}", 1, "expected a list of actions, found 'notify'"),
    ("- {when: {relation: rendition}, do: [], continue: no}", 1, "expected true or false, found 'no'"),
    ("- {name: '', when: {relation: rendition}, do: []}", 1, "expected a name, found ''"),
    (f"{_when('not: {relation: edited}')}- {{name: r, when: {{relation: edited}}, do: []}}", 6, "config.yaml:1"),
    (_when("relatoin: x"), 5, "did you mean 'relation'?"),
    (_when("not: [{relation: edited}]"), 5, "expected `not` with keys out of"),
    (_when("any: []"), 5, "`any` needs at least one condition"),
    (_when("all: {relation: edited}"), 5, "expected a list of conditions for `all`, found a mapping"),
    (_when("all: [{relation: copy}]"), 5, "unknown relation: 'copy' (known: same-bytes, same-pixels, rendition"),
    (_when("not: {relation: unrelated}"), 5, "unknown relation: 'unrelated'"),
    (_when("not: {relation: []}"), 5, "found an empty list"),
    (_when("edits: [resized]"), 5, "expected `edits` with keys out of: any, all, only, found a list"),
    (_when("edits: {only: [resize]}"), 5, "did you mean 'resized'?"),
    (_when("edits: {}"), 5, "expected `any`, `all` or `only`"),
    (_when("similarity: 0.9"), 5, "expected a range with keys out of: at-least, at-most, found 0.9"),
    (_when("similarity: {at-least: 95}"), 5, "expected a number from 0 to 1, found 95"),
    (_when("similarity: {at-least: true}"), 5, "expected a number from 0 to 1, found true"),
    (_when("similarity: {at-least: 0.9, at-most: 0.8}"), 5, "nothing would ever match"),
    (_when("similarity: {above: 0.9}"), 5, "unknown key in a range: 'above' (known: at-least, at-most)"),
    (_when("certainty: sure"), 5, "unknown certainty: 'sure' (known: proved, verified, suspected)"),
    (_when("direction: left"), 5, "known: duplicate-from-keeper, keeper-from-duplicate"),
    (_when("duplicate: '**'"), 5, "expected `duplicate` with keys out of: path, name, role, size, pixels, format"),
    (_when("duplicate: {}"), 5, "at least one condition out of: path"),
    (_when("duplicate: {relation: edited}"), 5, "unknown key in `duplicate`: 'relation'"),
    (_when("duplicate: {path: 3}"), 5, "expected a glob, found 3"),
    (_when("duplicate: {path: '{1..100000}'}"), 5, "no ranges"),
    (_when("duplicate: {path: '{a,{b,c}}'}"), 5, "no other braces"),
    (_when("duplicate: {path: '" + "**/a/" * 4 + "b'}"), 5, "at most 3 times `**` in a glob"),
    (_when("duplicate: {path: '" + "{a,b}" * 8 + "'}"), 5, "more than 200 globs"),
    (_when('duplicate: {path: "a\\nb"}'), 5, "printable"),
    (_when("duplicate: {root: /nowhere}"), 5, "'/nowhere' is no root (known: /photos)"),
    (_when("duplicate: {role: boss}"), 5, "known: library, inbox, archive, readonly"),
    (_when("duplicate: {size: {at-least: 5}}"), 5, "expected a size such as 500kB or 2MB, found 5"),
    (_when("duplicate: {size: {at-most: 5 XB}}"), 5, "found '5 XB'"),
    (_when("duplicate: {pixels: {at-least: many}}"), 5, "expected a number of pixels, found 'many'"),
    (_when("duplicate: {format: jpg}"), 5, "did you mean 'jpeg'?"),
    (_when("duplicate: {camera: [[a]]}"), 5, "found a list"),
    (_when("duplicate: {captured-at: {after: yesterday}}"), 5, "a date such as 2024-05-31, found 'yesterday'"),
    (_when("duplicate: {captured-at: {after: 2024-01-01, before: 2020-01-01}}"), 5, "nothing would ever match"),
    (_when("duplicate: {age: {at-least: 3 weeks}}"), 5, "expected a time such as 30d, found '3 weeks'"),
    (_when("duplicate: {has: face}"), 5, "did you mean 'faces'? (known: gps, rating, caption, faces, camera"),
    (_when("duplicate: {name: 'a/b'}"), 5, "'a/b' names a folder, and no file name holds a `/`: that is `path`"),
    (_when("duplicate: {name: [1]}"), 5, "expected a glob, found 1"),
    (_when("duplicate: {has: [gps, smile]}"), 5, "unknown field: 'smile' (known: gps, rating, caption, faces"),
    (_when("duplicate: {tags: [a, b]}"), 5, "expected `any`, `all` or `none` before a list of tags"),
    (_when("duplicate: {tags: {}}"), 5, "expected a tag, or `any`, `all` or `none` with a list of them"),
    (_when("duplicate: {tags: {some: [a]}}"), 5, "unknown key in `tags`: 'some' (known: any, all, none)"),
    (_when("duplicate: {tags: /}"), 5, "expected a tag such as pictrace/copy, found '/'"),
    (_when("duplicate: {tags: {any: []}}"), 5, "expected one or more tags, found an empty list"),
    (_when("duplicate: {tags: 3}"), 5, "expected `tags` with keys out of: any, all, none, found 3"),
    (_when("duplicate: {returned: true}"), 5, "unknown key in `duplicate`: 'returned'"),
    (_when("returned: yes"), 5, "expected true or false, found 'yes'"),
    (_when("returned: [true]"), 5, "expected true or false, found a list"),
    (_when("group: 3"), 5, "expected `group` with keys out of: size, some, every, found 3"),
    (_when("group: {}"), 5, "expected `size`, `some` or `every`, as in `group: {size: {at-least: 3}}`"),
    (_when("group: {size: 3}"), 5, "expected a range with keys out of: at-least, at-most, found 3"),
    (_when("group: {size: {at-least: 0}}"), 5, "expected a number of photos, found 0"),
    (_when("group: {size: {at-least: 2.5}}"), 5, "expected a number of photos, found 2.5"),
    (_when("group: {any: {path: a}}"), 5, "unknown key in `group`: 'any' (known: size, some, every)"),
    (_when("group: {some: {relation: edited}}"), 5, "unknown key in `some`: 'relation' (known: path, name"),
    (_when("group: {every: {root: /nowhere}}"), 5, "'/nowhere' is no root (known: /photos)"),
    (_do("erase"), 4, "unknown action: 'erase'; did you mean 'trash'? (known: tag, move, quarantine, notify, copy"),
    (_do("{delete: true}"), 4, "unknown action: 'delete'"),
    (_do("{tag: a, move: b}"), 4, "expected one action, and perhaps `on`"),
    (_do("{on: keeper}"), 4, "expected one action, and perhaps `on`"),
    (_do("[tag]"), 4, "expected an action out of: tag, move"),
    (_do("{tag: nonsense}"), 4, "`tag` does not take nonsense"),
    (_do("{tag: a, on: me}"), 4, "unknown side: 'me' (known: duplicate, keeper, both)"),
    (_do("ignore"), 4, "`ignore` stands alone"),
    ("- {when: {relation: edited}, do: [{ignore: 1}]}", 1, "`ignore` takes no options"),
    (_do("{quarantine: null, on: keeper}"), 4, "works on the duplicate only"),
    (_do("{move: /etc}"), 4, "`move: /etc` lies in no root (roots: /photos)"),
    (_do("{move: /photos-too}"), 4, "`move: /photos-too` lies in no root (roots: /photos)"),
    (_do("{move: there, on: both}"), 4, "works on the duplicate only"),
    (_do("{merge-metadata: null, on: keeper}"), 4, "takes no `on`"),
    (_do("{move: 'Sorted/{jear}'}"), 4, "unknown variable: 'jear'; did you mean 'year'? (known: year, month, day"),
    (_do("{move: 'Sorted/{year.real}'}"), 4, "unknown variable: 'year.real'"),
    (_do("{move: 'Sorted/{year'}"), 4, "a `{` stands alone; write `{{` where a brace is meant"),
    (_do("{move: 'Sorted/year}'}"), 4, "a `}` stands alone; write `}}` where a brace is meant"),
    (_do("{move: 'Sorted/{}'}"), 4, "unknown variable: ''"),
    (_do("{move: '/{year}'}"), 4, "`move: /{year}` lies in no root (roots: /photos)"),
    (_do("{move: '/photos{year}/x'}"), 4, "lies in no root (roots: /photos)"),
    (_do("{move: '/photos-{year}/x'}"), 4, "lies in no root (roots: /photos)"),
    (_do("{tag: '{keeper.path}'}"), 4, "unknown variable: 'keeper.path'"),
    (_do("{tag: [a, '{b}']}"), 4, "unknown variable: 'b'"),
    ("- when: {relation: edited}\n  do:\n  - {move: there}\n  - quarantine", 4, "`move` moves it already"),
    ("- when:\n    relation: [edited, burst]\n  do: [quarantine]", 2, "`burst` is no copy, `quarantine` is never done"),
    ("- when:\n    any: [{relation: same-scene}]\n  do: [{move: x}]", 2, "`same-scene` is no copy, `move` is never"),
    ("- when: {relation: rendition}\n  do: [hardlink]", 1, "`hardlink` is for equal bytes only"),
    ("- when: {relation: [same-bytes, rendition]}\n  do: [reflink]", 1, "`when` needs `relation: same-bytes`"),
    ("- when: {any: [{relation: same-bytes}]}\n  do: [hardlink]", 1, "`hardlink` is for equal bytes only"),
    ("- when: {duplicate: {path: '**'}}\n  do: [reflink]", 1, "`reflink` is for equal bytes only"),
    ("- when: {relation: same-bytes}\n  do:\n    - trash\n    - quarantine", 4, "a photo goes to one place"),
    ("- when: {relation: same-bytes}\n  do:\n    - hardlink\n    - trash", 4, "a photo goes to one place"),
    ("- when: {relation: same-bytes}\n  do:\n    - {trash: null, on: keeper}", 3, "works on the duplicate only"),
    (_keep("best"), 2, "unknown keep criterion: 'best' (known: raw, more-pixels, better-quality"),
    (_keep("{in: 'a/**', role: inbox}"), 2, "expected one of: raw, more-pixels"),
    (
        _keep("{near: x}"),
        2,
        "unknown key in a keep criterion: 'near' (known: in, not-in, role, format, has, tags, root)",
    ),
    (_keep("{format: [raw, jpg]}"), 2, "unknown format: 'jpg'"),
    (_keep("in"), 2, "`in` needs an option, as in `{in: …}`"),
    (_keep("{older: true}"), 2, "`older` takes no option: write it as a word"),
    (_keep("{root: /nowhere}"), 2, "'/nowhere' is no root (known: /photos)"),
    (_keep("{has: smile}"), 2, "unknown field: 'smile'"),
    (_keep("{has: []}"), 2, "found an empty list"),
    (_keep("{tags: 1}"), 2, "expected a tag, found 1"),
    (_keep("{role: [library, boss]}"), 2, "unknown role: 'boss' (known: library, inbox"),
    (_keep("original"), 2, "unknown keep criterion: 'original'; did you mean 'original-name'?"),
    (_keep(""), 2, "found an empty list"),
]


@pytest.mark.parametrize(("rules", "line", "says"), WRONG)
def test_a_wrong_rule_is_refused_with_its_place(book: Make, rules: str, line: int, says: str) -> None:
    with pytest.raises(ConfigError) as refused:
        book(rules)

    assert says in refused.value.message
    assert refused.value.line == line
    assert refused.value.column is not None
    assert str(refused.value).startswith(f"/etc/pictrace/config.yaml:{line}:")


def test_a_hostile_name_writes_no_line_of_its_own(book: Make) -> None:
    with pytest.raises(ConfigError) as refused:
        book('- {when: {relation: "x\\nALL IS WELL\\e[2J"}, do: []}')

    assert "\n" not in str(refused.value)
    assert "\x1b" not in str(refused.value)


@pytest.mark.parametrize("role", [Role.ARCHIVE, Role.READONLY])
@pytest.mark.parametrize("folder", ["/vault", "/vault/x", "/vault/{year}", "/photos/inner/x"])
def test_a_folder_where_nothing_may_be_put_is_refused(book: Make, folder: str, role: Role) -> None:
    with pytest.raises(ConfigError, match=rf"config.yaml:4:.*lies in a root with the role {role}: nothing in it"):
        book(_do(f"{{move: '{folder}'}}"), roots={"/photos": Role.LIBRARY, "/photos/inner": role, "/vault": role})


@pytest.mark.parametrize("folder", ["/vault/open/x", "/vault/{year}", "/photos/x"])
def test_a_folder_in_an_open_root_is_taken_whatever_holds_that(book: Make, folder: str) -> None:
    roots = {"/photos": Role.LIBRARY, "/vault": Role.ARCHIVE, "/vault/open": Role.INBOX}

    assert book(_do(f"{{move: '{folder}'}}"), roots=roots).rules


# What PicTrace alone can see: what there is besides the file, what was said before, what only makes sense together.
BEYOND_A_SCHEMA = (
    *("config.yaml:1", "is no root", "lies in no root", "nothing would ever match", "moves it already"),
    *("is never", "stands alone", "unknown variable", "no ranges", "no other braces", "more than 200 globs"),
    *(
        "at most 3 times",
        "printable",
        "names a folder",
        "a tag such as",
        "nonsense",
        "equal bytes only",
        "needs `relation",
        "goes to one",
    ),
)


@pytest.mark.parametrize(("rules", "line", "says"), WRONG)
def test_an_editor_sees_what_a_schema_can_tell(rules: str, line: int, says: str) -> None:
    plain = {"version": 1, "rules": parse_yaml(rules).plain()}
    is_refused = not SCHEMA.is_valid(plain)

    assert is_refused == (not any(words in says for words in BEYOND_A_SCHEMA))
