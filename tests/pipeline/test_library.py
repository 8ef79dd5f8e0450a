"""Which file lies in which root; what lies in a root that is away is nobody's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pictrace.config import Config, RootConfig, default_config
from pictrace.model import Role, StatKey
from pictrace.pipeline.library import Library
from pictrace.store import Index


class Shelf:
    """A library with an archive inside it, and a photo in each."""

    def __init__(self, top: Path) -> None:
        self.outer, self.inner = top / "photos", top / "photos" / "archive"
        self.inner.mkdir(parents=True)
        self.photo, self.archived = self.outer / "a.jpg", self.inner / "b.jpg"
        self.photo.write_bytes(b"a")
        self.archived.write_bytes(b"b")
        self.index = Index.open(top / "state")
        self.library = Library(self.index, write_marker=_mark)

    @property
    def config(self) -> Config:
        roots = (RootConfig(path=self.outer), RootConfig(path=self.inner, role=Role.ARCHIVE))
        return replace(default_config([]), roots=roots)

    def swap(self) -> None:
        """Put another folder in the archive's place."""
        self.inner.rename(self.outer.with_name("unplugged"))
        self.inner.mkdir()
        _mark(self.inner, "another")
        self.archived.write_bytes(b"b")

    def unplug(self) -> None:
        """Take the archive away, as an automounter does that leaves no folder behind."""
        self.inner.rename(self.outer.with_name("unplugged"))

    def plug(self) -> None:
        """Bring the archive back."""
        self.outer.with_name("unplugged").rename(self.inner)


def _mark(folder: Path, identity: str) -> bool:
    (folder / ".pictrace").mkdir(exist_ok=True)
    (folder / ".pictrace" / "root-id").write_text(identity)
    return True


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    made = Shelf(tmp_path)
    made.library.reopen(made.config)
    yield made
    made.index.close()


def _paths(shelf: Shelf) -> list[Path]:
    return [root.path for root in shelf.library.roots]


def test_the_innermost_root_holds_a_path(shelf: Shelf) -> None:
    inner = shelf.library.root_of(shelf.archived)
    outer = shelf.library.root_of(shelf.photo)

    assert inner is not None
    assert outer is not None
    assert (inner.path, outer.path) == (shelf.inner, shelf.outer)
    assert shelf.library.nested_in(outer) == (shelf.inner,)


def test_f21_what_lies_in_a_nested_root_that_is_another_one_is_not_the_outer_ones(shelf: Shelf) -> None:
    shelf.swap()
    shelf.library.reopen(shelf.config)
    [outer] = shelf.library.roots

    assert shelf.library.root_of(shelf.archived) is None
    assert shelf.library.root_of(shelf.inner) is None
    assert shelf.library.root_of(shelf.photo) == outer
    assert shelf.library.nested_in(outer) == (shelf.inner,)


def test_f21_a_file_of_a_nested_root_that_is_away_is_neither_there_nor_gone(shelf: Shelf) -> None:
    outer = shelf.library.root_of(shelf.photo)
    assert outer is not None
    # From the time before the archive was a root of its own.
    row = shelf.index.files.put_file(
        root=outer.identity,
        path=shelf.archived,
        key=StatKey.of(shelf.archived.lstat()),
        content_hash=b"b",
        first_seen=0,
        is_arrival=False,
    )
    shelf.unplug()
    shelf.library.reopen(shelf.config)

    assert not shelf.library.is_living(row)
    assert not shelf.library.is_gone(row)
    assert shelf.library.key_at(shelf.archived) is None


def test_f21_a_nested_root_that_is_back_holds_its_files_again(shelf: Shelf) -> None:
    shelf.unplug()
    shelf.library.reopen(shelf.config)
    assert _paths(shelf) == [shelf.outer]
    assert shelf.library.root_of(shelf.archived) is None

    shelf.plug()
    [back] = shelf.library.reopen_away()

    assert shelf.library.root_of(shelf.archived) == back
    assert shelf.library.nested_in(back) == ()


def test_an_outer_root_that_is_away_takes_nothing_from_the_one_inside_it(shelf: Shelf) -> None:
    _mark(shelf.outer, "another")
    shelf.library.reopen(shelf.config)

    inner = shelf.library.root_of(shelf.archived)

    assert _paths(shelf) == [shelf.inner]
    assert inner is not None
    assert inner.path == shelf.inner
    assert shelf.library.root_of(shelf.photo) is None


def test_a_root_that_the_config_does_not_name_any_more_is_the_outer_ones(shelf: Shelf) -> None:
    shelf.unplug()
    shelf.library.reopen(shelf.config)
    shelf.plug()
    shelf.library.reopen(replace(shelf.config, roots=shelf.config.roots[:1]))
    [outer] = shelf.library.roots

    assert shelf.library.root_of(shelf.archived) == outer
    assert shelf.library.nested_in(outer) == ()


def test_a_marker_that_would_be_sent_to_other_devices_is_not_written(tmp_path: Path) -> None:
    root = tmp_path / "photos"
    (root / ".stfolder").mkdir(parents=True)
    config = replace(default_config([]), roots=(RootConfig(path=root),))
    with Index.open(tmp_path / "state") as index:
        library = Library(index, write_marker=_mark)
        library.reopen(config)
        (first,) = library.roots
        assert not (root / ".pictrace").exists()

        library.reopen(config)
        assert library.roots == (first,)  # the same folder, known again without one

        (root / ".stignore").write_text("/.pictrace\n")
        library.reopen(config)

    assert library.roots == (first,)
    assert (root / ".pictrace/root-id").read_text() == first.identity
