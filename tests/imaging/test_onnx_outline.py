"""What an ONNX file says of itself: told as it stands there, and nothing but a ValueError of broken bytes."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pictrace.imaging.onnx_outline import outline, with_output

NETWORKS = Path(__file__).resolve().parents[1] / "networks"
TINY = (NETWORKS / "tiny.onnx").read_bytes()


def test_inputs_outputs_and_tensors_are_named() -> None:
    told = outline(TINY)

    assert told.inputs == {"picture": (None, 3, 48, 64)}
    assert told.outputs == ("classes",)
    assert told.tensors == ("lines", "map", "averages", "features", "classes")


def test_an_inner_tensor_becomes_an_output_and_the_rest_stays() -> None:
    told = outline(with_output(TINY, "features"))

    assert told.outputs == (*outline(TINY).outputs, "features")
    assert told.inputs == outline(TINY).inputs
    assert told.tensors == outline(TINY).tensors


@pytest.mark.parametrize("data", [b"", b"\xff" * 40, b"not a network", TINY[:40]], ids=["empty", "ones", "text", "cut"])
def test_what_is_no_network_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"cut off|no graph|no field|beyond measure"):
        outline(data)


@given(at=st.integers(0, len(TINY) - 1), byte=st.integers(0, 255), end=st.integers(1, len(TINY)))
def test_broken_bytes_are_told_or_refused_and_nothing_else(at: int, byte: int, end: int) -> None:
    broken = bytearray(TINY)
    broken[at] = byte
    try:
        told = outline(bytes(broken[:end]))
    except ValueError:
        return
    assert told.tensors
