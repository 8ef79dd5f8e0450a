"""``pictrace find``: by file and by URL the same list, each row with its verdict, and nothing left behind."""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageOps

from ..conftest import draw_photo  # type: ignore[import-not-found]  # noqa: TID252 – of this folder's parent
from ..web.conftest import Site, jpeg, sent, serving  # type: ignore[import-not-found]  # noqa: TID252 – as above

Run = Callable[..., Any]
# As `python -m pictrace`, and Ctrl-C is heard also where the tests were started in the background, which ignores it.
_RUN = """
import runpy, signal
signal.signal(signal.SIGINT, signal.default_int_handler)
runpy.run_module("pictrace", run_name="__main__", alter_sys=True)
"""
_HUGE = b"HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\nContent-Length: 1000000000\r\n\r\n"


def rows(ran: Any) -> list[dict[str, Any]]:
    # The folder has a torn one, which is told each time.
    told = [line for line in ran.err.splitlines() if not line.endswith(": 1 of 8 pictures cannot be looked at")]
    assert (ran.code, told) == (0, [])
    return [json.loads(line) for line in ran.out.splitlines()]


def everything(folder: Path) -> dict[str, bytes]:
    """Return all that lies in a folder, with its bytes."""
    return {os.fspath(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def remembered(state: Path) -> dict[str, bytes]:
    """Return a state folder but for what SQLite puts beside a database to read it: its index, and an empty log."""
    return {
        name: content
        for name, content in everything(state).items()
        if not name.endswith("-shm") and (content or not name.endswith("-wal"))
    }


@pytest.fixture
def site() -> Iterator[Site]:
    """Return a server on loopback."""
    with serving() as found:
        yield found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a photo, copies of it, other photos, one that is torn, and one that is passed over."""
    top = tmp_path_factory.mktemp("found") / "photos"
    (top / "deep").mkdir(parents=True)
    (top / "@eaDir").mkdir()
    photo = draw_photo(1, 480, 320)
    photo.save(top / "a.jpg", quality=92)
    for copy in ("deep/equal.jpg", "deep/<script>alert(1)<i>.jpg", "@eaDir/thumbnail.jpg"):
        shutil.copy(top / "a.jpg", top / copy)
    photo.resize((240, 160)).save(top / "small.jpg", quality=80)
    ImageOps.mirror(photo).save(top / "deep" / "mirrored.jpg", quality=90)
    for seed in (5, 6):
        draw_photo(seed, 480, 320).save(top / f"other{seed}.jpg", quality=92)
    (top / "torn.jpg").write_bytes(jpeg()[:500])
    return top


_listed: list[list[dict[str, Any]]] = []


@pytest.fixture
def listed(folder: Path, state: Path, pictrace: Run) -> list[dict[str, Any]]:
    """Return what is near a photo in that folder; it is asked for once."""
    if not _listed:
        before = everything(folder)
        _listed.append(rows(pictrace("find", folder / "a.jpg", "--in", folder, "--json")))
        assert not state.exists()
        assert everything(folder) == before
    return _listed[0]


class TestFolder:
    def test_every_content_has_one_row_and_the_file_itself_none(self, listed: list[dict[str, Any]]) -> None:
        assert listed[0]["verdict"] == "same-bytes"
        assert sorted(Path(file).name for file in listed[0]["files"]) == ["<script>alert(1)<i>.jpg", "equal.jpg"]
        assert {(Path(row["other"]).name, row["verdict"]) for row in listed[1:]} == {
            ("small.jpg", "rendition"),
            ("mirrored.jpg", "edited"),
        }

    def test_the_nearest_comes_first_in_percent(self, listed: list[dict[str, Any]]) -> None:
        percent = [row["percent"] for row in listed]

        assert percent == [round(100 * row["similarity"], 1) for row in listed]
        assert percent == sorted(percent, reverse=True)

    def test_an_unrelated_photo_gives_leads_alone(self, folder: Path, photo: Any, pictrace: Run) -> None:
        words = ("find", photo("asked.jpg", seed=9), "--in", folder, "--min", "0", "--top", "3", "--json")

        found = rows(pictrace(*words))

        assert len(found) == 3
        assert {(row["verdict"], row["relation"]) for row in found} == {("lead", "unrelated")}
        assert all(0 <= row["percent"] < 60 for row in found)

    def test_what_was_not_looked_at_is_told(self, photo: Any, tmp_path: Path, pictrace: Run) -> None:
        (tmp_path / "empty").mkdir()
        (tmp_path / "broken").mkdir()
        (tmp_path / "broken" / "torn.jpg").write_bytes(jpeg()[:500])
        asked = photo("asked.jpg", seed=9)

        told = {name: pictrace("find", asked, "--in", tmp_path / name).err for name in ("empty", "broken")}

        assert "there is no picture in it" in told["empty"]
        assert "1 of 1 pictures cannot be looked at" in told["broken"]

    def test_a_folder_that_is_not_there_is_an_error(self, folder: Path, pictrace: Run) -> None:
        ran = pictrace("find", folder / "a.jpg", "--in", folder / "nowhere")

        assert ran.code == 2
        assert "nowhere: expected a folder, found nothing there" in ran.err


class TestMethod:
    def test_a_method_ranks_and_never_says_a_relation(self, known: Any, pictrace: Run) -> None:
        words = ("find", known.library / "original.jpg", "--method", "phash", "--json")

        found = rows(pictrace(*words, state=known.state))

        assert {Path(row["other"]).name for row in found} == {"mirrored.jpg", "else.jpg"}
        assert [row["value"] for row in found] == sorted(row["value"] for row in found)
        assert {row["verdict"] for row in found} <= {"like", "lead"}
        assert {(row["percent"], row["unit"], row["closer"]) for row in found} == {(None, "bits of 64", "lower")}
        assert "relation" not in found[0]

    def test_a_similarity_is_told_in_percent(self, folder: Path, pictrace: Run) -> None:
        found = rows(pictrace("find", folder / "a.jpg", "--in", folder, "--method", "ssim", "--min", "0", "--json"))

        assert (found[0]["percent"], len(found[0]["files"])) == (100.0, 2)
        assert all(row["percent"] == round(100 * max(0.0, row["value"]), 1) for row in found)

    @pytest.mark.parametrize(
        ("name", "words"),
        [("nothing", "there is no method nothing: expected ssim"), ("all", "--method all: expected one")],
    )
    def test_what_is_not_one_method_is_an_error(self, folder: Path, pictrace: Run, name: str, words: str) -> None:
        ran = pictrace("find", folder / "a.jpg", "--in", folder, "--method", name)

        assert ran.code == 2
        assert words in ran.err

    def test_the_own_matcher_has_a_name(self, known: Any, pictrace: Run) -> None:
        words = ("find", known.library / "original.jpg", "--json", "--method", "pictrace")

        assert [row["verdict"] for row in rows(pictrace(*words, state=known.state))] == ["edited"]


class TestWeb:
    def test_a_file_and_its_url_give_the_same_list(self, site: Site, known: Any, pictrace: Run) -> None:
        original = known.library / "original.jpg"
        site.pages["/a.jpg"] = sent(original.read_bytes())
        asked = known.library.parent / "asked.jpg"
        shutil.copy(original, asked)

        by_file = rows(pictrace("find", asked, "--json", state=known.state))
        by_url = rows(pictrace("find", site.url("/a.jpg"), "--allow-private", "--json", state=known.state))

        assert len(by_file) == 2
        assert [row.pop("file") for row in by_url] == [site.url("/a.jpg")] * 2
        assert [row.pop("file") for row in by_file] == [str(asked)] * 2
        assert by_url == by_file

    def test_each_picture_of_a_page_has_a_block_the_largest_first(
        self,
        site: Site,
        known: Any,
        pictrace: Run,
    ) -> None:
        names = {"else": "else.jpg", "original": "original.jpg"}
        site.pages["/p.html"] = sent(b"<img src=else.jpg><img src=original.jpg><img src=new.jpg>", "text/html")
        site.pages |= {f"/{name}.jpg": sent((known.library / file).read_bytes()) for name, file in names.items()}
        site.pages["/new.jpg"] = sent(jpeg(9))

        found = rows(pictrace("find", site.url("/p.html"), "--allow-private", "--json", state=known.state))

        blocks = [(row["file"].rpartition("/")[2], row["rows"]) for row in found if row["event"] == "asked"]
        assert blocks == [("original.jpg", 2), ("new.jpg", 0), ("else.jpg", 1)]
        near = [row for row in found if row["event"] == "near" and row["file"] == site.url("/original.jpg")]
        assert [row["verdict"] for row in near] == ["same-bytes", "edited"]

    def test_a_picture_of_a_page_that_cannot_be_read_is_one_line(
        self,
        site: Site,
        known: Any,
        pictrace: Run,
    ) -> None:
        site.pages["/p.html"] = sent(b"<img src=gone.jpg><img src=torn.jpg><img src=a.jpg>", "text/html")
        site.pages |= {"/torn.jpg": sent(jpeg()[:700]), "/a.jpg": sent(jpeg(9))}

        found = rows(pictrace("find", site.url("/p.html"), "--allow-private", "--json", state=known.state))

        assert [row["event"] for row in found] == ["asked", "unreadable", "unreadable"]
        assert {row["file"] for row in found[1:]} == {site.url("/gone.jpg"), site.url("/torn.jpg")}

    def test_a_page_of_which_nothing_can_be_read_is_an_error(
        self,
        site: Site,
        known: Any,
        pictrace: Run,
    ) -> None:
        site.pages["/p.html"] = sent(b"<img src=gone.jpg>", "text/html")

        ran = pictrace("find", site.url("/p.html"), "--allow-private", state=known.state)

        assert ran.code == 2
        assert "none of its 1 pictures can be looked at" in ran.err

    def test_a_torn_picture_is_told_by_its_url(self, site: Site, known: Any, pictrace: Run) -> None:
        site.pages["/torn.jpg"] = sent(jpeg()[:700])

        ran = pictrace("find", site.url("/torn.jpg"), "--allow-private", state=known.state)

        assert ran.code == 2
        assert ran.err.startswith(f"pictrace: {site.url('/torn.jpg')}: ")

    @pytest.mark.parametrize(
        ("path", "words", "expected"),
        [
            ("/a.jpg", (), "expected a public address, found 127.0.0.1 (loopback)"),
            ("/huge.jpg", ("--allow-private",), "limit on the size of a picture: 67108864 bytes, found 10"),
            ("/a.jpg", ("--allow-private",), None),
        ],
    )
    def test_nothing_is_left_behind(
        self,
        site: Site,
        known: Any,
        pictrace: Run,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        path: str,
        words: tuple[str, ...],
        expected: str | None,
    ) -> None:
        own = tmp_path / "own"
        own.mkdir()
        for name in ("TMPDIR", "XDG_CACHE_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR"):
            monkeypatch.setenv(name, str(own))
        monkeypatch.setattr("tempfile.tempdir", None)
        monkeypatch.chdir(own)
        site.pages |= {"/a.jpg": sent(jpeg(9))}
        site.pages["/huge.jpg"] = lambda request: request.wfile.write(_HUGE) and None
        before = everything(tmp_path), remembered(known.state)

        ran = pictrace("find", site.url(path), *words, state=known.state)

        assert (ran.code, expected is None or f"{site.url(path)}: {expected}" in ran.err) == (
            2 if expected else 0,
            True,
        )
        assert (everything(tmp_path), remembered(known.state)) == before
        assert list(own.iterdir()) == []

    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
    def test_nothing_is_left_behind_where_it_is_stopped(
        self,
        site: Site,
        known: Any,
        tmp_path: Path,
        number: signal.Signals,
    ) -> None:
        own = tmp_path / "own"
        own.mkdir()
        page = "".join(f"<img src={n}.jpg>" for n in range(8)).encode()
        site.pages["/p.html"] = sent(page, "text/html")
        site.pages |= {f"/{n}.jpg": lambda _: site.stopping.wait(60) and None for n in range(8)}
        words = [
            sys.executable,
            "-c",
            _RUN,
            "find",
            site.url("/p.html"),
            "--allow-private",
            "--state",
            str(known.state),
        ]
        environ = {**os.environ, "TMPDIR": str(own), "HOME": str(own)}
        with subprocess.Popen(words, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as run:
            limit = time.monotonic() + 60
            while len(site.asked) < 2 and time.monotonic() < limit:
                site.stopping.wait(0.05)
            was_there = [path.name for path in own.iterdir()]
            run.send_signal(number)
            run.communicate(timeout=60)

        assert [name.startswith(".pictrace-find-") for name in was_there] == [True]
        assert run.returncode == 128 + number
        assert list(own.iterdir()) == []


class TestPeople:
    def test_verdict_and_percent_stand_together_and_no_picture_in_a_pipe(self, known: Any, pictrace: Run) -> None:
        ran = pictrace("find", known.library / "original.jpg", "--thumbnails", state=known.state)

        assert re.fullmatch(r"edited +[\d.]+ %  \S+/mirrored\.jpg  \(.*mirrored.*\)  verified", ran.out.strip())


class TestPage:
    def test_a_page_holds_all_that_it_shows_and_a_name_is_never_markup(
        self, folder: Path, tmp_path: Path, pictrace: Run
    ) -> None:
        page = tmp_path / "found.html"

        assert pictrace("find", folder / "a.jpg", "--in", folder, "--html", page).code == 0

        text = page.read_text()
        sources = re.findall(r'src="data:image/jpeg;base64,([^"]+)"', text)
        assert len(sources) == text.count("src=") == 4
        assert all(base64.b64decode(source).startswith(b"\xff\xd8") for source in sources)
        assert "rendition" in text
        assert "default-src 'none'" in text
        assert "<script" not in text
        assert "&lt;script&gt;alert(1)&lt;i&gt;.jpg" in text

    def test_nothing_is_overwritten(self, folder: Path, tmp_path: Path, pictrace: Run) -> None:
        page = tmp_path / "found.html"
        page.write_text("mine")

        ran = pictrace("find", folder / "a.jpg", "--in", folder, "--html", page)

        assert ran.code == 2
        assert "nothing is overwritten" in ran.err
        assert page.read_text() == "mine"


def test_a_file_that_is_no_picture_is_an_error(known: Any, pictrace: Run, tmp_path: Path) -> None:
    (tmp_path / "text.jpg").write_text("no picture")

    ran = pictrace("find", tmp_path / "text.jpg", state=known.state)

    assert ran.code == 2
    assert "text.jpg: no picture we know" in ran.err


def test_a_photo_is_asked_about_without_changing_what_is_known(known: Any, pictrace: Run, tmp_path: Path) -> None:
    Image.open(known.library / "original.jpg").resize((200, 140)).save(tmp_path / "small.jpg")
    before = remembered(known.state)

    found = rows(pictrace("find", tmp_path / "small.jpg", "--json", state=known.state))

    assert found[0]["verdict"] == found[0]["relation"] == "rendition"
    assert remembered(known.state) == before
