"""Which names say of themselves that they are copies."""

from __future__ import annotations

import unicodedata

import hypothesis.strategies as st
import pytest
from hypothesis import given

from pictrace.decide.copy_marks import copy_marks


@pytest.mark.parametrize(
    ("name", "marks"),
    [
        ("IMG_1 (1).jpg", ("(1)",)),
        ("IMG_1(12).jpg", ("(1)",)),
        ("IMG_1 - Copy.jpg", ("- Copy",)),
        ("IMG_1 - Copy (3).jpg", ("- Copy",)),
        ("IMG_1 - Kopie.jpg", ("- Copy",)),
        ("IMG_1 — копия.jpg", ("- Copy",)),
        ("IMG_1 - コピー.jpg", ("- Copy",)),
        ("IMG_1 copy.jpg", ("copy",)),
        ("IMG_1 Kopie 2.HEIC", ("copy",)),
        ("IMG_1のコピー.jpg", ("copy",)),
        ("IMG_1 (another copy).jpg", ("(copy)",)),
        ("IMG_1 (3rd copy).jpg", ("(copy)",)),
        ("IMG_1 (weitere Kopie).jpg", ("(copy)",)),
        ("Copy of IMG_1.jpg", ("copy of",)),
        ("Kopie von IMG_1.jpg", ("copy of",)),
        ("IMG_1-edited.jpg", ("-edited",)),
        ("IMG_1_EDITED.JPG", ("-edited",)),
        ("IMG_1-bearbeitet.jpg", ("-edited",)),
        ("IMG_1-編集済み.jpg", ("-edited",)),
        ("IMG_1-ha editado.jpg", ("-edited",)),
        ("IMG_1-edited(1).jpg", ("(1)", "-edited")),
        ("IMG_1~2.jpg", ("~2",)),
        ("IMG_1.sync-conflict-20240131-235959-ABC1234.jpg", ("sync-conflict",)),
        ("IMG_1.sync-conflict-20240131-235959-ABC1234", ("sync-conflict",)),
        ("IMG_1 (conflicted copy 2024-01-31 235959).jpg", ("conflicted copy",)),
        ("IMG_1 (Anna's conflicted copy 2024-01-31).jpg", ("conflicted copy",)),
        ("IMG_1 (Case Conflict 1).jpg", ("case conflict",)),
        ("IMG_1_conflict-20240131-235959.jpg", ("_conflict-",)),
    ],
)
def test_the_marks_of_a_copy_are_known(name: str, marks: tuple[str, ...]) -> None:
    assert copy_marks(name) == marks


@pytest.mark.parametrize(
    "name",
    [
        *("IMG_1.jpg", "IMG_1-2.jpg", "IMG 2.jpg", "PXL_20240131_235959.jpg", "photocopy.jpg", "copy.jpg", "(1).jpg"),
        *("Holiday (2019).jpg", "a mix.jpg", "Copyright.jpg", "DSC_0001_01.NEF", ".jpg", "", "IMG-20240131-WA0001.jpg"),
    ],
)
def test_the_name_of_an_original_bears_none(name: str) -> None:
    assert copy_marks(name) == ()


def test_letters_that_a_mac_writes_as_two_are_read_as_one() -> None:
    assert copy_marks(unicodedata.normalize("NFD", "IMG_1-modifié.jpg")) == ("-edited",)


@pytest.mark.timeout(10)
@given(st.text(alphabet="( )-~1copy.edit_", max_size=255))
def test_any_name_is_read_in_no_time(name: str) -> None:
    assert len(copy_marks(name)) <= 11
