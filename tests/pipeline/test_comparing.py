"""What lies in a root against what is known of it."""

from __future__ import annotations

import os

from hypothesis import given
from hypothesis import strategies as st

from pictrace.pipeline.comparing import Difference, differences
from pictrace.store import KnownFile

NAMES = st.binary(min_size=1, max_size=3)


def status(ino: int) -> os.stat_result:
    return os.stat_result((0o100644, ino, 1, 1, 0, 0, 5, 0, 7, 8), {"st_mtime_ns": 7, "st_ctime_ns": 8})


def known(name: bytes, ino: int, *, is_there: bool = True) -> KnownFile:
    return KnownFile(name=name, key=(1, ino, 5, 7, 8), is_there=is_there)


@given(
    st.dictionaries(NAMES, st.integers(1, 2)),
    st.dictionaries(NAMES, st.tuples(st.integers(1, 2), st.booleans())),
)
def test_every_difference_is_told_and_nothing_else(disk: dict[bytes, int], rows: dict[bytes, tuple[int, bool]]) -> None:
    seen = [(name, status(disk[name])) for name in sorted(disk)]
    index = iter([known(name, ino, is_there=is_there) for name, (ino, is_there) in sorted(rows.items())])

    told = [(one.difference, one.name) for one in differences(seen, index)]

    expected = [(Difference.MISSED, name) for name in rows if name not in disk]
    for name, ino in disk.items():
        row = rows.get(name)
        if row is None or row[0] != ino:
            expected.append((Difference.CHANGED, name))
        elif not row[1]:
            expected.append((Difference.FOUND, name))
    assert sorted(told, key=lambda one: one[1]) == sorted(expected, key=lambda one: one[1])


def test_each_field_of_the_key_counts() -> None:
    row = known(b"a", 3)
    for place in range(5):
        key = list(row.key)
        key[place] += 1
        changed = KnownFile(name=b"a", key=tuple(key), is_there=True)

        assert [one.difference for one in differences([(b"a", status(3))], iter([changed]))] == [Difference.CHANGED]
    assert list(differences([(b"a", status(3))], iter([row]))) == []
