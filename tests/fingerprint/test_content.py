from __future__ import annotations

import hashlib
import os
import socket

import pytest

from pictrace.errors import ChangedError, UnreadableError
from pictrace.fingerprint import content, hash_file
from pictrace.model import StatKey


def test_the_hash_is_sha256_of_the_bytes(tmp_path):
    path = tmp_path / "a.jpg"
    path.write_bytes(b"bytes" * 500_000)

    digest, key = hash_file(path)

    assert digest == hashlib.sha256(b"bytes" * 500_000).digest()
    assert key == StatKey.of(path.lstat())


def test_an_empty_file_has_a_hash(tmp_path):
    (tmp_path / "zero.jpg").touch()

    assert hash_file(tmp_path / "zero.jpg")[0] == hashlib.sha256().digest()


def test_names_that_are_no_text_are_read(tmp_path):
    path = tmp_path / os.fsdecode(b"caf\xe9\n\xff.jpg")
    path.write_bytes(b"x")

    assert hash_file(path)[0] == hashlib.sha256(b"x").digest()


@pytest.fixture
def while_reading(monkeypatch):
    """Return a function that has something done between two blocks of a file that is read."""

    def do(deed):
        read = os.read
        monkeypatch.setattr(content.os, "read", lambda *args: (deed(), read(*args))[1])

    return do


def test_a_file_written_to_while_it_is_read_has_changed(tmp_path, while_reading):
    path = tmp_path / "a.jpg"
    path.write_bytes(b"before")
    while_reading(lambda: path.write_bytes(b"after it"))

    with pytest.raises(ChangedError, match="changed while it was read"):
        hash_file(path)


def test_a_file_whose_times_were_set_back_has_changed(tmp_path, while_reading):
    path = tmp_path / "a.jpg"
    path.write_bytes(b"before")
    status = path.stat()

    def rewrite():
        path.write_bytes(b"AFTER!")
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))

    while_reading(rewrite)

    with pytest.raises(ChangedError):
        hash_file(path)


def test_another_file_under_the_name_has_changed(tmp_path, while_reading):
    path, other = tmp_path / "a.jpg", tmp_path / "b.jpg"
    path.write_bytes(b"one")
    other.write_bytes(b"two")
    while_reading(lambda: other.exists() and other.rename(path))

    with pytest.raises(ChangedError):
        hash_file(path)


def test_another_file_by_way_of_another_folder_has_changed(tmp_path, while_reading):
    folder, other = tmp_path / "folder", tmp_path / "other"
    for place in (folder, other):
        place.mkdir()
        (place / "a.jpg").write_bytes(b"same size")

    def swap():
        if other.exists():
            folder.rename(tmp_path / "away")
            other.rename(folder)

    while_reading(swap)

    with pytest.raises(ChangedError):
        hash_file(folder / "a.jpg")


def test_a_file_that_vanishes_while_it_is_read_has_changed(tmp_path, while_reading):
    path = tmp_path / "a.jpg"
    path.write_bytes(b"one")
    while_reading(lambda: path.unlink(missing_ok=True))

    with pytest.raises(ChangedError, match="vanished while it was read"):
        hash_file(path)


def test_a_file_that_is_gone_has_changed(tmp_path):
    with pytest.raises(ChangedError, match="vanished before"):
        hash_file(tmp_path / "gone.jpg")


def test_links_are_not_followed(tmp_path):
    (tmp_path / "a.jpg").write_bytes(b"one")
    (tmp_path / "link.jpg").symlink_to("a.jpg")

    with pytest.raises(UnreadableError, match="cannot be opened"):
        hash_file(tmp_path / "link.jpg")


@pytest.mark.timeout(10)
def test_pipes_folders_and_sockets_are_not_read(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    os.mkfifo(tmp_path / "pipe.jpg")
    (tmp_path / "folder.jpg").mkdir()
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("socket.jpg")
        for name in ("pipe.jpg", "folder.jpg", "socket.jpg"):
            with pytest.raises(UnreadableError):
                hash_file(tmp_path / name)
