"""Which names end like a picture's. What the file really is, its first bytes say later."""

from __future__ import annotations

from pathlib import PurePath

PHOTO_SUFFIXES = frozenset(
    f".{suffix}"
    for suffix in (
        "jpg",
        "jpeg",
        "jpe",
        "jfif",
        "jif",
        "mpo",
        "png",
        "apng",
        "webp",
        "gif",
        "bmp",
        "dib",
        "tif",
        "tiff",
        "heic",
        "heif",
        "hif",
        "avif",
        "jxl",
        "jp2",
        "j2k",
        "jpf",
        "jpx",
        "psd",
        "tga",
        "ico",
        "ppm",
        "pgm",
        "pbm",
        "3fr",
        "arw",
        "cr2",
        "cr3",
        "crw",
        "dcr",
        "dng",
        "erf",
        "iiq",
        "kdc",
        "mef",
        "mos",
        "mrw",
        "nef",
        "nrw",
        "orf",
        "pef",
        "raf",
        "raw",
        "rw2",
        "rwl",
        "sr2",
        "srf",
        "srw",
        "x3f",
    )
)


def is_photo_name(path: PurePath) -> bool:
    """Return whether a name ends like a picture's."""
    return path.suffix.lower() in PHOTO_SUFFIXES
