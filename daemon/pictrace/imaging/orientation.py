"""How a picture has to be turned to stand upright, and that this is done once."""

from __future__ import annotations

from typing import Final

from PIL import ExifTags, Image

from pictrace.imaging.arrays import Pixels, oriented

# Pillow turns TIFF, and pillow-heif HEIC, while they are decoded; the flag may still be there and means nothing then.
# AVIF is not among them: Pillow hands its rotation box on as an EXIF flag.
_TURNED_BY_DECODER: Final = ("TIFF", "HEIF")
_SWAPPING: Final = (5, 6, 7, 8)
_TRANSPOSITIONS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# EXIF orientation → index in `ORIENTATIONS`.
_INDEXES: Final = {1: 0, 2: 4, 3: 2, 4: 6, 5: 7, 6: 1, 7: 5, 8: 3}


def stated_orientation(image: Image.Image) -> int:
    """Return the orientation that the file states, 1..8; 1 where it is missing or makes no sense."""
    return _valid(image.info.get("original_orientation") or image.getexif().get(ExifTags.Base.Orientation))


def pending_orientation(image: Image.Image) -> int:
    """Return the orientation that still has to be applied to the pixels the decoder gives, 1..8."""
    if image.format in _TURNED_BY_DECODER:
        return 1
    return _valid(image.getexif().get(ExifTags.Base.Orientation))


def upright_size(image: Image.Image) -> tuple[int, int]:
    """Return width and height in pixels of the upright picture."""
    if pending_orientation(image) in _SWAPPING:
        return image.height, image.width
    return image.width, image.height


def upright_image(image: Image.Image) -> Image.Image:
    """Return the picture upright."""
    method = _TRANSPOSITIONS.get(pending_orientation(image))
    return image if method is None else image.transpose(method)


def upright_array(array: Pixels, orientation: int) -> Pixels:
    """Return pixels upright that were stored with an EXIF orientation, 1..8."""
    return oriented(array, _INDEXES[orientation])


def _valid(value: object) -> int:
    return value if isinstance(value, int) and 1 <= value <= 8 else 1
