"""A photo, which is one content, and what is computed from it alone."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

METADATA_VERSION: Final = 2  # a photo whose metadata is older is read again when it matters


class PhotoState(StrEnum):
    """Whether the content could be read as a picture."""

    DECODED = "decoded"
    UNDECODABLE = "undecodable"  # only its content hash is known; the reason stands beside it


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What the file says of itself. Everything here is hostile text or numbers, clipped on reading.

    ``width_pixels`` and ``height_pixels`` are those of the upright picture. ``captured_at`` is the camera's local
    time, ``YYYY-MM-DDTHH:MM:SS[.fff][+HH:MM]``. ``jpeg_quality`` is estimated from the quantisation tables, 1..100.
    ``exposure`` is what the camera was set to, ``1/60 s f/2.8 ISO 100``, as far as it is said.
    ``keywords`` are those in the file itself, levels split by ``/``. ``has_faces``: regions with people are marked.
    ``caption`` are its words, ``place`` is latitude and longitude in degrees; None also where version 1 read them.
    ``content_identifier`` is what Apple writes into both halves of a Live Photo.
    ``fields`` counts the meaningful fields that are filled: camera, lens, times, place, rating, caption, keywords.
    """

    width_pixels: int
    height_pixels: int
    format: str  # jpeg, png, webp, gif, bmp, tiff, heic, avif, jxl, raw
    orientation: int = 1  # the EXIF flag, 1..8, already applied to every picture we compute
    is_lossless: bool = False
    jpeg_quality: int | None = None
    frames: int = 1
    camera: str | None = None
    captured_at: str | None = None
    exposure: str | None = None
    has_gps: bool = False
    rating: int | None = None
    has_caption: bool = False
    software: str | None = None
    fields: int = 0
    keywords: tuple[str, ...] = ()
    has_faces: bool = False
    content_identifier: str | None = None
    caption: str | None = None
    place: tuple[float, float] | None = None
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """All that matching keeps of one photo: bytes, so that it is stored and compared as it is.

    ``phashes``: eight 64-bit perceptual hashes, big-endian, one for each orientation in the order of
    ``imaging.ORIENTATIONS``; the first is the upright one. ``keypoints`` and ``descriptors``: ORB, see
    ``fingerprint.orb``. ``detail``: how much a perceptual hash can rely on, 0 (flat) to 1. ``preview``: a small
    upright picture, kept only where the file may be away when it is needed.
    ``versions``: method → version of every part, so that a new version recomputes only that part.
    """

    phashes: bytes
    keypoints: bytes
    descriptors: bytes
    detail: float
    versions: dict[str, int]
    preview: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """One content, known by its hash (SHA-256 of the bytes).

    ``pixel_hash`` is computed when a candidate makes it matter (SHA-256 of the upright pixels), None until then.
    """

    content_hash: bytes
    size_bytes: int
    state: PhotoState
    reason: str | None = None  # why it is undecodable
    metadata: Metadata | None = None
    fingerprint: Fingerprint | None = None
    pixel_hash: bytes | None = None
