"""What is unpacked never stands in memory whole."""

from __future__ import annotations

import io
from typing import Any

import pytest

from pictrace.errors import WebError
from pictrace.web.receiving import Body, pieces

from .conftest import jpeg, packed  # type: ignore[import-not-found]


class Sent:
    """A response that holds some bytes."""

    def __init__(self, content: bytes) -> None:
        self.length = len(content)
        self.read = io.BytesIO(content).read


def test_a_bomb_is_unpacked_in_small_pieces() -> None:
    sent: Any = Sent(packed(jpeg() + bytes(20_000_000)))
    body = Body(url="http://photos.example/", is_page=False, charset=None, encoding="gzip", most_bytes=5_000_000)
    sizes: list[int] = []

    with pytest.raises(WebError, match="limit on the size"):
        sizes.extend(len(piece) for piece in pieces(sent, body))

    assert max(sizes) <= 64 * 1024
    assert 4_900_000 < sum(sizes) <= 5_000_000
