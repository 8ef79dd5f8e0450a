"""``pictrace report``: one page that shows everything, loads nothing, and runs nothing that a name smuggles in."""

from __future__ import annotations

import base64
import json
import shutil
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from skimage import data

Run = Callable[..., Any]

_HOSTILE = "<script>alert(1)<x \"y' &\u202e\n.jpg"


class _Page(HTMLParser):
    """What a page holds, as a browser would see it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture
def page(known: Any, pictrace: Run, tmp_path: Path) -> Callable[..., _Page]:
    def make(*words: str | Path) -> _Page:
        target = tmp_path / "report.html"
        ran = pictrace("report", "--html", target, *words, state=known.state)
        assert (ran.code, ran.err) == (0, "")
        return _Page(target.read_text())

    return make


def test_each_group_shows_its_photos_with_relation_edits_rule_and_keeper(page: Callable[..., _Page]) -> None:
    found = page()

    words = " ".join(found.words)
    assert len(found.of("section")) == 1
    assert len(found.of("img")) == len(found.of("figure")) == 2
    for expected in ("mirrored.jpg", "original.jpg", "edited", "left and right swapped", "rule ‘observe’", "stays"):
        assert expected in words


def test_the_pictures_are_small_and_inside_the_page(page: Callable[..., _Page]) -> None:
    for image in page().of("img"):
        head, _, encoded = str(image["src"]).partition(",")

        assert head == "data:image/jpeg;base64"
        assert base64.b64decode(encoded).startswith(b"\xff\xd8\xff")
        assert len(encoded) < 40_000


def test_nothing_is_loaded_and_nothing_runs(page: Callable[..., _Page]) -> None:
    found = page()

    policies = [one["content"] for one in found.of("meta") if one.get("http-equiv") == "Content-Security-Policy"]
    assert len(policies) == 1
    assert str(policies[0]).startswith("default-src 'none'; img-src data:; style-src 'sha256-")
    assert {tag for tag, _ in found.tags}.isdisjoint({"script", "link", "iframe", "object", "embed", "form", "a"})
    assert not [key for _, attributes in found.tags for key in attributes if key.startswith("on") or key == "style"]


def test_a_hostile_name_is_text_and_nothing_else(pictrace: Run, tmp_path: Path) -> None:
    library = tmp_path / "photos"
    library.mkdir()
    Image.fromarray(data.chelsea()[::2, ::2]).save(library / "cat.jpg")
    shutil.copy(library / "cat.jpg", library / _HOSTILE)
    shutil.copy(library / "cat.jpg", bytes(library) + b"/\xff.jpg")
    pictrace("scan", library, "--quiet")

    ran = pictrace("report", "--html", tmp_path / "r.html")

    assert ran.code == 0
    text = (tmp_path / "r.html").read_text()
    found = _Page(text)
    assert not found.of("script")
    assert not found.of("x")
    assert "<script>alert(1)<x \"y' &\\u202e\\n.jpg" in " ".join(found.words)
    assert "\u202e" not in text


def test_a_file_that_exists_is_never_overwritten(pictrace: Run, known: Any, tmp_path: Path) -> None:
    target = tmp_path / "report.html"
    target.write_text("mine")

    ran = pictrace("report", "--html", target, state=known.state)

    assert (ran.code, target.read_text()) == (2, "mine")
    assert "nothing is overwritten" in ran.err


@pytest.mark.parametrize("name", ["library/report.html", "report.png"])
def test_a_wrong_place_is_refused(pictrace: Run, known: Any, name: str) -> None:
    target = known.library.parent / name

    ran = pictrace("report", "--html", target, state=known.state)

    assert ran.code == 2
    assert not target.exists()


def test_without_a_file_it_says_what_to_give(pictrace: Run, known: Any) -> None:
    ran = pictrace("report", state=known.state)

    assert ran.code == 2
    assert "--html report.html" in ran.err


def test_groups_over_the_limit_are_told_on_the_page_and_off_it(pictrace: Run, tmp_path: Path) -> None:
    library = tmp_path / "photos"
    library.mkdir()
    for number, picture in enumerate((data.chelsea(), data.coffee())):
        for copy in "ab":
            Image.fromarray(picture[::3, ::3]).save(library / f"{number}{copy}.png")
    pictrace("scan", library, "--quiet")

    ran = pictrace("report", "--html", tmp_path / "r.html", "--limit", "1", "--json")

    told = json.loads(ran.out)
    assert (told["event"], told["groups"], told["shown"]) == ("report", 2, 1)
    assert told["bytes"] == (tmp_path / "r.html").stat().st_size
    found = _Page((tmp_path / "r.html").read_text())
    assert len(found.of("section")) == 1
    assert "1 more group" in " ".join(found.words)


def test_a_photo_that_cannot_be_read_now_has_a_blank(pictrace: Run, tmp_path: Path) -> None:
    library = tmp_path / "photos"
    library.mkdir()
    for name in ("a.jpg", "b.jpg"):
        (library / name).write_bytes(b"\xff\xd8\xff no picture")
    pictrace("scan", library, "--quiet")

    assert pictrace("report", "--html", tmp_path / "r.html").code == 0

    found = _Page((tmp_path / "r.html").read_text())
    assert len(found.of("figure")) == 2
    assert not found.of("img")
    assert "cannot be shown" in " ".join(found.words)
