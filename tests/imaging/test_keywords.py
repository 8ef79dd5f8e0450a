from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pictrace.imaging.keywords import flat, keyword_path, piped, unified

NAMES = st.text(st.characters(categories=["L", "N"], include_characters="/| "), min_size=1, max_size=8).map(str.strip)
PATHS = st.lists(NAMES.filter(bool), min_size=1, max_size=3)


def path_of(names):
    """Return a keyword from its names, in the form in which `/` splits levels."""
    return keyword_path("/".join(name.replace("|", " ").replace("/", "|") for name in names))


@given(PATHS)
def test_a_keyword_is_the_same_however_its_levels_are_split(names):
    path = path_of(names)

    assert keyword_path(piped(path), between="|") == path
    assert keyword_path(path) == path


@pytest.mark.parametrize(
    ("text", "between", "path"),
    [
        ("Places/Rome", "/", "Places/Rome"),
        ("Places|Rome", "|", "Places/Rome"),
        ("Music|AC/DC", "|", "Music/AC|DC"),
        (" / Places //  Rome / ", "/", "Places/Rome"),
        ("a\tb\x00c", "/", "a b c"),
        ("///", "/", ""),
    ],
)
def test_keywords_come_to_one_form(text, between, path):
    assert keyword_path(text, between=between) == path


def test_a_slash_in_a_name_is_written_as_each_field_wants_it():
    assert (flat("Music/AC|DC"), piped("Music/AC|DC")) == ("Music/AC/DC", "Music|AC/DC")


@pytest.mark.parametrize(
    ("paths", "words", "keywords"),
    [
        (["Places/Rome"], ["Rome", "Places", "Places/Rome", "boat"], ("Places/Rome", "boat")),
        (["AC|DC"], ["AC/DC"], ("AC|DC",)),
        ([], ["a/b", "a|b", "a/b"], ("a/b",)),
        (["", "a"], ["", " "], ("a",)),
    ],
)
def test_flat_keywords_that_only_repeat_levels_are_left_out(paths, words, keywords):
    assert unified(paths, words) == keywords


def test_keywords_are_no_more_than_anybody_reads():
    assert len(unified([f"k{n}" for n in range(10_000)], [])) == 500
