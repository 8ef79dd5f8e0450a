"""Random sequences of what the pipeline does, against a dict, through real SQLite and over restarts."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from pictrace.model import (
    Certainty,
    FileState,
    Match,
    Photo,
    PhotoFile,
    PhotoState,
    Relation,
    Role,
    RootInfo,
    StatKey,
)
from pictrace.store import Index

_NAMES = st.sampled_from([os.fsdecode(name) for name in (b"a.jpg", b"b/\xff.jpg", b"b/c\n.jpg", b"d.jpg")])
_HASHES = st.sampled_from([b"h1", b"h2", b"h3"])
_KEYS = st.builds(
    StatKey,
    dev=st.integers(0, 2**64 - 1),
    ino=st.integers(0, 2**64 - 1),
    size_bytes=st.integers(0, 2**63 - 1),
    mtime_ns=st.integers(-(2**65), 2**65),
    ctime_ns=st.integers(-(2**65), 2**65),
)
_MATCHES = st.builds(
    Match,
    relation=st.sampled_from([Relation.RENDITION, Relation.EDITED, Relation.BURST]),
    certainty=st.sampled_from(Certainty),
    similarity=st.floats(0, 1),
)


class IndexMachine(RuleBasedStateMachine):
    """The index must say what a dict of paths and a dict of pairs say."""

    roots = Bundle("roots")

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        self._tops = {"one": Path("/one"), "two": Path("/two")}
        self._files: dict[tuple[str, str], dict[str, Any]] = {}
        self._findings: dict[frozenset[bytes], tuple[bytes, Match]] = {}
        self._open()
        for identity in self._tops:
            self._put_root(identity)
        for content_hash in (b"h1", b"h2", b"h3"):
            self._index.photos.put_photo(Photo(content_hash=content_hash, size_bytes=1, state=PhotoState.DECODED))

    @rule(root=st.sampled_from(["one", "two"]), name=_NAMES, key=_KEYS, content_hash=_HASHES, is_arrival=st.booleans())
    def put_file(self, root: str, name: str, key: StatKey, content_hash: bytes, is_arrival: bool) -> None:
        file = self._index.files.put_file(
            root=root,
            path=self._tops[root] / name,
            key=key,
            content_hash=content_hash,
            first_seen=1.0,
            is_arrival=is_arrival,
        )

        before = self._files.get((root, name))
        if before and before["content_hash"] == content_hash and before["state"] is FileState.PRESENT:
            assert file.id == before["id"]
            is_arrival = before["is_arrival"]
        else:
            assert all(file.id > other["id"] for other in self._files.values())
        self._files[root, name] = {
            "id": file.id,
            "key": key,
            "content_hash": content_hash,
            "is_arrival": is_arrival,
            "state": FileState.PRESENT,
        }

    @rule(
        old_root=st.sampled_from(["one", "two"]),
        old=_NAMES,
        root=st.sampled_from(["one", "two"]),
        new=_NAMES,
        key=_KEYS,
    )
    def move_file(self, old_root: str, old: str, root: str, new: str, key: StatKey) -> None:
        try:
            self._index.files.move_file(self._tops[old_root] / old, self._tops[root] / new, root=root, key=key)
        except LookupError:
            assert (old_root, old) not in self._files
        else:
            moved = self._files.pop((old_root, old))
            self._files[root, new] = {**moved, "key": key, "state": FileState.PRESENT}

    @rule(root=st.sampled_from(["one", "two"]), name=_NAMES, state=st.sampled_from(FileState))
    def mark(self, root: str, name: str, state: FileState) -> None:
        self._index.files.mark(self._tops[root] / name, state)

        if (root, name) in self._files:
            self._files[root, name]["state"] = state

    @rule(root=st.sampled_from(["one", "two"]), name=_NAMES)
    def forget(self, root: str, name: str) -> None:
        self._index.files.forget(self._tops[root] / name)

        self._files.pop((root, name), None)

    @rule(file=_HASHES, other=_HASHES, match=_MATCHES)
    def put_finding(self, file: bytes, other: bytes, match: Match) -> None:
        if file != other:
            self._index.findings.put_finding(file, other, match)
            self._findings[frozenset((file, other))] = (file, match)

    @rule(root=st.sampled_from(["one", "two"]), place=st.sampled_from(["/one", "/two", "/three", "/four"]))
    def root_turns_up_elsewhere(self, root: str, place: str) -> None:
        if Path(place) not in self._tops.values():
            self._tops[root] = Path(place)
            self._put_root(root)

    @rule()
    def restart(self) -> None:
        self._index.close()
        self._open()

    @invariant()
    def every_file_is_as_the_dict_says(self) -> None:
        for (root, name), wanted in self._files.items():
            assert self._described(self._index.files.file_at(self._tops[root] / name)) == {**wanted, "root": root}
        present = {row["id"] for row in self._files.values() if row["state"] is FileState.PRESENT}
        assert [file.id for file in self._index.files.files()] == sorted(present)

    @invariant()
    def every_content_is_held_by_the_files_that_the_dict_says(self) -> None:
        for content_hash in (b"h1", b"h2", b"h3"):
            wanted = sorted(
                row["id"]
                for row in self._files.values()
                if row["content_hash"] == content_hash and row["state"] is FileState.PRESENT
            )
            assert [file.id for file in self._index.files.files_of(content_hash)] == wanted

    @invariant()
    def every_finding_is_as_the_dict_says(self) -> None:
        stored = {frozenset((one.file, one.other)): (one.file, one.match) for one in self._index.findings.findings()}
        assert stored == self._findings

    def teardown(self) -> None:
        self._index.close()
        self._folder.cleanup()

    def _open(self) -> None:
        self._index = Index.open(Path(self._folder.name))

    def _put_root(self, identity: str) -> None:
        self._index.roots.put_root(
            RootInfo(identity=identity, path=self._tops[identity], role=Role.LIBRARY, dev=1, ino=2, filesystem="ext4")
        )

    @staticmethod
    def _described(file: PhotoFile | None) -> dict[str, Any]:
        assert file is not None
        names = ("id", "key", "content_hash", "is_arrival", "state", "root")
        return {name: getattr(file, name) for name in names}


IndexMachine.TestCase.settings = settings(max_examples=30, stateful_step_count=30, deadline=None)
TestIndexMachine = IndexMachine.TestCase
