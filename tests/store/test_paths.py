from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pictrace.store.paths import RootPaths, require_identity

_NAMES = st.binary(min_size=1, max_size=20).filter(
    lambda name: not {0, ord("/")} & set(name) and name not in (b".", b"..")
)


def roots(*known: tuple[str, str, bool]) -> RootPaths:
    paths = RootPaths()
    paths.set_roots((identity, Path(path), is_current) for identity, path, is_current in known)
    return paths


@given(st.lists(_NAMES, min_size=1, max_size=5))
def test_every_name_comes_back(names: list[bytes]) -> None:
    paths = roots(("aa", "/srv/a", True), ("bb", "/srv/a/b", True), ("cc", "/mnt", True))
    for top in (b"/srv/a/b", b"/srv/a", b"/srv", b"/mnt"):
        path = Path(os.fsdecode(b"/".join([top, *names])))

        assert paths.decode(paths.encode(path)) == path


def test_a_path_is_kept_relative_to_the_innermost_root() -> None:
    paths = roots(("aa", "/srv", True), ("bb", "/srv/in", True))

    assert paths.encode(Path("/srv/in/x.jpg")) == b"bb/x.jpg"
    assert paths.encode(Path("/srv/inside.jpg")) == b"aa/inside.jpg"
    assert paths.encode(Path("/srv")) == b"/srv"


def test_a_root_that_moved_takes_its_paths_along() -> None:
    stored = roots(("aa", "/srv", True)).encode(Path("/srv/x.jpg"))

    assert roots(("aa", "/mnt/disk", True)).decode(stored) == Path("/mnt/disk/x.jpg")


def test_a_root_that_is_not_the_current_one_at_its_path_takes_no_new_paths() -> None:
    paths = roots(("aa", "/mnt", False), ("bb", "/mnt", True))

    assert paths.encode(Path("/mnt/x.jpg")) == b"bb/x.jpg"
    assert paths.decode(b"aa/x.jpg") == Path("/mnt/x.jpg")


def test_the_whole_file_system_can_be_a_root() -> None:
    paths = roots(("aa", "/", True))

    assert paths.decode(paths.encode(Path("/x.jpg"))) == Path("/x.jpg")


def test_a_path_outside_a_root_is_not_relative_to_it() -> None:
    with pytest.raises(LookupError, match="lies not in"):
        roots(("aa", "/srv", True)).relative("aa", Path("/srvx/a.jpg"))


@pytest.mark.parametrize("identity", ["", "a/b", "/", "ä"])
def test_an_identity_that_reads_like_a_path_is_refused(identity: str) -> None:
    with pytest.raises(ValueError, match="identity"):
        require_identity(identity)
