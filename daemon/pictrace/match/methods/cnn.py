"""What a neural network makes of two pictures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from pictrace.errors import UsageError
from pictrace.imaging import network_vector
from pictrace.match.methods.base import IncomparableError, Metric, Reading, Sight
from pictrace.model import Network

NAME: Final = "cnn"
NO_NETWORK: Final = (
    "--method cnn: no network is named; export an ONNX model, write a recipe beside it (docs/networks.md has four), "
    "and name it with --network RECIPE or `network:` in the config"
)


@dataclass(frozen=True, slots=True)
class Cnn:
    """The numbers that a convolutional network gives for each picture, as vectors: their angle, and their distance.

    Source: Babenko, Slesarev, Chigorin and Lempitsky, «Neural codes for image retrieval», 2014. Cosine: a·b / (|a|·|b|)
    of the vectors as they come; l2: |a − b| of the same. Costs one run of the network a picture, and a thousandth of
    that a pair. It sees what is shown rather than which picture it is: two views of a place are near.
    """

    network: Network | None

    name = NAME
    metrics = (
        Metric(name="cosine", unit="-1 to 1", is_similarity=True, perfect=1.0),
        Metric(name="l2", unit="length of the difference", is_similarity=False, perfect=0.0),
    )
    is_record_only = False

    def describe(self, sight: Sight) -> NDArray[np.float32]:
        """Return the vector; see `network_vector`.

        Raises:
            UsageError: there is no network.
            NetworkError: it cannot be used.
        """
        if self.network is None:
            raise UsageError(NO_NETWORK)
        return network_vector(sight.rgb, self.network)

    def compare(self, a: NDArray[np.float32], b: NDArray[np.float32]) -> Reading:
        """Return cosine and distance; the length of each vector is lost in the one and not in the other."""
        if np.array_equal(a, b):
            return Reading(values={"cosine": 1.0, "l2": 0.0})
        first, second = a.astype(np.float64), b.astype(np.float64)
        difference = first - second
        lengths = np.sqrt(first @ first) * np.sqrt(second @ second)
        if lengths == 0:
            raise IncomparableError("the network gives nothing but zeros for one of them")
        cosine = float(np.clip(first @ second / lengths, -1.0, 1.0))
        return Reading(values={"cosine": cosine, "l2": float(np.sqrt(difference @ difference))})
