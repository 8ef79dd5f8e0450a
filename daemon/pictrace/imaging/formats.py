"""Which format a file has: by its first bytes, because names lie."""

from __future__ import annotations

from pathlib import PurePath

HEAD_BYTES = 64

_RAW_SUFFIXES = frozenset(
    [
        ".3fr",
        ".arw",
        ".cr2",
        ".cr3",
        ".crw",
        ".dcr",
        ".dng",
        ".erf",
        ".iiq",
        ".kdc",
        ".mef",
        ".mos",
        ".mrw",
        ".nef",
        ".nrw",
        ".orf",
        ".pef",
        ".raf",
        ".raw",
        ".rw2",
        ".rwl",
        ".sr2",
        ".srf",
        ".srw",
        ".x3f",
    ]
)
_MAGIC: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\xff\xd8\xff", "jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "png"),
    (0, b"GIF87a", "gif"),
    (0, b"GIF89a", "gif"),
    (0, b"BM", "bmp"),
    (0, b"FUJIFILMCCD-RAW", "raw"),
    (0, b"IIU\x00", "raw"),
    (0, b"IIRO", "raw"),
    (0, b"IIRS", "raw"),
    (0, b"MMOR", "raw"),
    (0, b"FOVb", "raw"),
    (8, b"CR\x02", "raw"),
    (0, b"II*\x00", "tiff"),
    (0, b"MM\x00*", "tiff"),
    (0, b"II+\x00", "tiff"),
    (0, b"MM\x00+", "tiff"),
    (0, b"\xff\x0a", "jxl"),
    (0, b"\x00\x00\x00\x0cJXL \r\n\x87\n", "jxl"),
    (0, b"\x00\x00\x00\x0cjP  \r\n\x87\n", "jpeg 2000"),
    (0, b"8BPS", "psd"),
    (0, b"\x00\x00\x01\x00", "ico"),
    (0, b"<", "text or html"),
)
_BRANDS = {
    b"avif": "avif",
    b"avis": "avif",
    b"heic": "heic",
    b"heix": "heic",
    b"heim": "heic",
    b"heis": "heic",
    b"hevc": "heic",
    b"hevx": "heic",
    b"mif1": "heic",
    b"msf1": "heic",
    b"crx ": "raw",
    b"qt  ": "video",
}


def sniff(head: bytes, name: PurePath | None = None) -> str | None:
    """Return the format that a file's first bytes tell, None where they tell none.

    Args:
        head: the first `HEAD_BYTES` bytes.
        name: most RAW formats are TIFF inside; only there the name decides.
    """
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    if head[4:8] == b"ftyp":
        return _brand(head)
    for offset, magic, kind in _MAGIC:
        if head[offset : offset + len(magic)] == magic:
            is_raw = kind == "tiff" and name is not None and name.suffix.lower() in _RAW_SUFFIXES
            return "raw" if is_raw else kind
    return None


def _brand(head: bytes) -> str:
    """Return the format of an ISO base media file: by its major brand, else by the compatible ones."""
    major = head[8:12]
    compatible = [head[at : at + 4] for at in range(16, len(head) - 3, 4)]
    if major in (b"mif1", b"msf1") and any(brand in (b"avif", b"avis") for brand in compatible):
        return "avif"
    return _BRANDS.get(major, "video")
