"""Perceptual hashes, one module each."""

from pictrace.fingerprint.hashes import phash

ALL = (phash,)
