"""Describes one photo alone, in worker processes with limits."""

from pictrace.fingerprint.bars import ALL as BARS
from pictrace.fingerprint.content import hash_file
from pictrace.fingerprint.describing import (
    LONGEST_SIDE_PIXELS,
    VERSIONS,
    describe,
    describe_and_ask,
    features_of,
    is_current,
)
from pictrace.fingerprint.orb import QueryFeatures
from pictrace.fingerprint.pool import WorkerPool
from pictrace.fingerprint.room import usual_room, usual_workers
from pictrace.fingerprint.trying import try_all

__all__ = [
    "BARS",
    "LONGEST_SIDE_PIXELS",
    "VERSIONS",
    "QueryFeatures",
    "WorkerPool",
    "describe",
    "describe_and_ask",
    "features_of",
    "hash_file",
    "is_current",
    "try_all",
    "usual_room",
    "usual_workers",
]
