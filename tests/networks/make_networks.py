"""Makes the small networks that tests run: `python tests/networks/make_networks.py`, with the package onnx.

Conv 3→12, 5×5, stride 2 · Relu (`map`) · GlobalAveragePool · Flatten (`features`) · Gemm 12→4 (`classes`), on 64 × 48.
`tiny-nhwc.onnx` is the same behind a Transpose, with the channel last.
"""

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

HERE = Path(__file__).parent


def save(name: str, nodes: list[onnx.NodeProto], sides: list[int]) -> None:
    random = np.random.default_rng(7)
    weights = {
        "kernel": random.normal(0, 0.15, (12, 3, 5, 5)),
        "bias": random.normal(0, 0.1, 12),
        "matrix": random.normal(0, 0.5, (4, 12)),
        "offset": random.normal(0, 0.1, 4),
    }
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info("picture", TensorProto.FLOAT, ["N", *sides])],
        [helper.make_tensor_value_info("classes", TensorProto.FLOAT, ["N", 4])],
        [numpy_helper.from_array(value.astype(np.float32), key) for key, value in weights.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    onnx.save(model, HERE / name)


def body(first: str) -> list[onnx.NodeProto]:
    return [
        helper.make_node("Conv", [first, "kernel", "bias"], ["lines"], strides=[2, 2], pads=[2, 2, 2, 2]),
        helper.make_node("Relu", ["lines"], ["map"]),
        helper.make_node("GlobalAveragePool", ["map"], ["averages"]),
        helper.make_node("Flatten", ["averages"], ["features"]),
        helper.make_node("Gemm", ["features", "matrix", "offset"], ["classes"], transB=1),
    ]


if __name__ == "__main__":
    save("tiny.onnx", body("picture"), [3, 48, 64])
    turned = helper.make_node("Transpose", ["picture"], ["turned"], perm=[0, 3, 1, 2])
    save("tiny-nhwc.onnx", [turned, *body("turned")], [48, 64, 3])
