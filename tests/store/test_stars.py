"""Stars: what the file answers and what is answered from memory."""

from __future__ import annotations

import itertools
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from pictrace.model import Certainty, Edit, EditKind, Match, Photo, PhotoState, Relation, Role, RootInfo, StatKey
from pictrace.store import Index, StandingIndex

PHOTOS = tuple(f"h{n}".encode() for n in range(6))
_MATCHES = st.builds(
    Match,
    relation=st.sampled_from([one for one in Relation if one not in (Relation.UNRELATED, Relation.SAME_BYTES)]),
    certainty=st.sampled_from(Certainty),
    similarity=st.sampled_from([0.5, 0.9]),
    edits=st.sampled_from([(), (Edit(kind=EditKind.BORDERED, sides=("top",)),), (Edit(kind=EditKind.RESIZED),)]),
)
_PAIRS = st.tuples(st.sampled_from(PHOTOS), st.sampled_from(PHOTOS)).filter(lambda pair: pair[0] != pair[1])


def answers(index: Index) -> list[Any]:
    each = [(index.findings.hub_of(one), index.findings.star_of(one), index.files.files_of(one)) for one in PHOTOS]
    pairs = itertools.combinations_with_replacement(PHOTOS, 2)
    return [each, [(pair, index.is_pair(*pair)) for pair in pairs]]


def fill(index: Index, findings: list[Any], files: list[bytes]) -> None:
    index.roots.put_root(
        RootInfo(identity="one", path=Path("/one"), role=Role.LIBRARY, dev=1, ino=2, filesystem="ext4")
    )
    for one in PHOTOS:
        index.photos.put_photo(Photo(content_hash=one, size_bytes=1, state=PhotoState.DECODED))
    for number, one in enumerate(files):
        index.files.put_file(
            root="one",
            path=Path(f"/one/{number}.jpg"),
            key=StatKey(dev=1, ino=number, size_bytes=1, mtime_ns=1, ctime_ns=1),
            content_hash=one,
            first_seen=1.0,
            is_arrival=False,
        )
    for pair, match in findings:
        index.findings.put_finding(*pair, match)


@settings(max_examples=40, deadline=None)
@given(
    findings=st.lists(st.tuples(_PAIRS, _MATCHES), max_size=9),
    files=st.lists(st.sampled_from(PHOTOS), max_size=9),
)
def test_what_is_read_in_one_go_is_what_the_file_answers(
    findings: list[tuple[tuple[bytes, bytes], Match]], files: list[bytes]
) -> None:
    with tempfile.TemporaryDirectory() as folder, Index.open(Path(folder)) as index:
        with index.batch():
            fill(index, findings, files)

        with StandingIndex.read(Path(folder)) as standing:
            assert answers(standing) == answers(index)
