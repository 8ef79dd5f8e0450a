"""Describes one photo alone, in worker processes with limits."""

from pictrace.fingerprint.content import hash_file
from pictrace.fingerprint.describing import VERSIONS, describe, describe_and_ask, features_of, is_current
from pictrace.fingerprint.orb import QueryFeatures
from pictrace.fingerprint.pool import WorkerPool

__all__ = [
    "VERSIONS",
    "QueryFeatures",
    "WorkerPool",
    "describe",
    "describe_and_ask",
    "features_of",
    "hash_file",
    "is_current",
]
