"""The vectors that a neural network gives for photos: computed in workers, kept in the store, asked for candidates."""

from __future__ import annotations

import logging
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from pictrace.errors import ConfigError, NetworkError, PhotoError, shown
from pictrace.imaging import network_vector, network_version, read_photo
from pictrace.match.index import Vector
from pictrace.model import Network
from pictrace.pipeline.scheduler import Pool, Task
from pictrace.store import Index

log = logging.getLogger(__name__)

# As for all other parts of a fingerprint; networks look at 224 to 600 pixels.
_LONGEST_SIDE_PIXELS: Final = 640
_STORED: Final = np.dtype("<f4")


def vector_of(path: Path, network: Network, version: int) -> NDArray[np.float32]:
    """Return what a network makes of a photo (in a worker); see `network_vector`.

    Raises:
        PhotoError: the file cannot be read.
        NetworkError: the model cannot be used.
    """
    return network_vector(read_photo(path, longest_side=_LONGEST_SIDE_PIXELS).rgb, network, version)


def try_network(network: Network, version: int) -> int:
    """Return how many numbers a network gives (in a worker).

    Raises:
        NetworkError: the model cannot be used.
    """
    gradient = np.linspace(0, 255, 64 * 64 * 3).astype(np.uint8).reshape(64, 64, 3)
    return len(network_vector(gradient, network, version))


class Vectors:
    """The vectors of one network, of the version that its model and its recipe make.

    Args:
        index: where they are kept.
        network: gives them.
        pool: where it is tried.

    Raises:
        ConfigError: the network cannot be used.
    """

    def __init__(self, index: Index, network: Network, pool: Pool) -> None:
        self._index, self._network, self._pool = index, network, pool
        try:
            self.version = network_version(network)
            self._numbers: int = pool.submit(try_network, network, self.version).result()
        except (NetworkError, PhotoError) as problem:
            raise ConfigError(f"the network '{shown(network.name)}': {problem.reason}", file=network.model) from problem

    def all(self) -> Iterator[tuple[int, Vector]]:
        """Yield what is kept of this version, by the ids of the photos."""
        for photo_id, stored in self._index.vectors.all(self.version):
            vector = self._read(stored)
            if vector is not None:
                yield photo_id, vector

    def kept(self, content_hash: bytes) -> Vector | None:
        """Return the vector of a photo, None where none of this version is kept that can be right."""
        stored = self._index.vectors.vector(content_hash, self.version)
        return None if stored is None else self._read(stored)

    def put(self, content_hash: bytes, vector: Vector) -> None:
        """Keep the vector of a photo."""
        self._index.vectors.put(content_hash, vector.astype(_STORED).tobytes(), self.version)

    def wanted(self, path: Path) -> Vector:
        """Return the vector of a picture, now.

        Raises:
            PhotoError: it cannot be read.
            NetworkError: the model cannot be used.
        """
        vector: Vector = self._pool.submit(vector_of, path, self._network, self.version).result()
        return vector

    def asked(self, path: Path) -> Generator[Task, Any, Vector | None]:
        """Return the vector of a file's photo; None, with a word in the log, where the network cannot tell."""
        try:
            vector: Vector = yield Task(vector_of, (path, self._network, self.version))
        except (NetworkError, PhotoError) as problem:
            log.warning("no vector: %s", problem)
            return None
        # Whoever broke a decoder may answer anything, and one vector of another length would stand in the way of all.
        if not self._is_sound(vector):
            log.warning("no vector: %s: the decoder gave an answer that does not fit together", shown(path))
            return None
        return vector

    def _read(self, stored: bytes) -> Vector | None:
        """Return a stored vector; None for one that cannot be right, which is computed anew."""
        if len(stored) != self._numbers * _STORED.itemsize:
            return None
        vector = np.frombuffer(stored, _STORED)
        return vector if self._is_sound(vector) else None

    def _is_sound(self, vector: Vector) -> bool:
        return vector.shape == (self._numbers,) and bool(np.isfinite(vector).all())
