"""Describes one photo alone, in worker processes with limits."""

from pictrace.fingerprint.content import hash_file
from pictrace.fingerprint.describing import describe, is_current
from pictrace.fingerprint.pool import WorkerPool

__all__ = ["WorkerPool", "describe", "hash_file", "is_current"]
