"""The only door to pixels: every picture is opened here, upright, within limits."""

from pictrace.imaging.arrays import ORIENTATIONS, gray, oriented, resized
from pictrace.imaging.both import describe_picture
from pictrace.imaging.formats import sniff
from pictrace.imaging.metadata import read_metadata
from pictrace.imaging.opening import MOST_FILE_BYTES, MOST_PIXELS, MOST_SIDE_PIXELS
from pictrace.imaging.pixel_hash import pixel_hash
from pictrace.imaging.reading import Picture, read_photo
from pictrace.imaging.video import VideoFacts, read_video_facts

__all__ = [
    "MOST_FILE_BYTES",
    "MOST_PIXELS",
    "MOST_SIDE_PIXELS",
    "ORIENTATIONS",
    "Picture",
    "VideoFacts",
    "describe_picture",
    "gray",
    "oriented",
    "pixel_hash",
    "read_metadata",
    "read_photo",
    "read_video_facts",
    "resized",
    "sniff",
]
