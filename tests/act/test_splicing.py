"""What is put into a file is proved to be all that changed."""

from __future__ import annotations

import pytest

from pictrace.act.splicing import Edit, spliced
from pictrace.errors import ActError

from .sheets import DARKTABLE

HISTORY = DARKTABLE.index(b"<darktable:history>")


@pytest.mark.parametrize(
    "edit",
    [
        Edit(at=HISTORY, until=DARKTABLE.index(b"<dc:subject>"), text=b""),
        Edit(at=HISTORY, until=HISTORY + 1, text=b"<!-- gone --><"),
        Edit.insertion(HISTORY, b"words"),
        Edit.insertion(DARKTABLE.index(b' darktable:num="0"'), b' darktable:more="1"'),
        Edit.insertion(DARKTABLE.index(b"heron"), b"grey "),
    ],
    ids=["cut", "comment", "words", "attribute", "value"],
)
def test_an_edit_that_does_more_than_add_elements_is_refused(edit) -> None:
    with pytest.raises(ActError, match="nothing can be added safely"):
        spliced(DARKTABLE, [edit])


def test_an_edit_that_breaks_the_file_is_refused() -> None:
    with pytest.raises(ActError, match="no XML"):
        spliced(DARKTABLE, [Edit.insertion(HISTORY, b"<open>")])


def test_edits_are_made_in_the_order_of_their_places() -> None:
    second, first = DARKTABLE.index(b"<dc:subject>"), HISTORY

    after = spliced(DARKTABLE, [Edit.insertion(second, b"<dc:b/>"), Edit.insertion(first, b"<dc:a/>")])

    assert after.replace(b"<dc:a/>", b"").replace(b"<dc:b/>", b"") == DARKTABLE
    assert after.index(b"<dc:a/>") < after.index(b"<dc:b/>")
