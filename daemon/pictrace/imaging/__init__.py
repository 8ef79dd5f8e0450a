"""The only door to pixels: every picture is opened here, upright, within limits."""

from pictrace.imaging.arrays import ORIENTATIONS, gray, oriented, resized
from pictrace.imaging.both import describe_picture
from pictrace.imaging.formats import HEAD_BYTES, sniff
from pictrace.imaging.keypoints import spread
from pictrace.imaging.keywords import unified
from pictrace.imaging.metadata import read_metadata
from pictrace.imaging.network import network_vector, network_version
from pictrace.imaging.opening import MOST_FILE_BYTES, MOST_PIXELS, MOST_SIDE_PIXELS
from pictrace.imaging.pixel_hash import pixel_hash
from pictrace.imaging.preview import preview_of, read_preview
from pictrace.imaging.reading import Picture, read_photo
from pictrace.imaging.thumbnail import small_picture, thumbnail
from pictrace.imaging.video import VideoFacts, read_video_facts
from pictrace.imaging.xmp import NOTHING, Xmp, parsed_xmp

__all__ = [
    "HEAD_BYTES",
    "MOST_FILE_BYTES",
    "MOST_PIXELS",
    "MOST_SIDE_PIXELS",
    "NOTHING",
    "ORIENTATIONS",
    "Picture",
    "VideoFacts",
    "Xmp",
    "describe_picture",
    "gray",
    "network_vector",
    "network_version",
    "oriented",
    "parsed_xmp",
    "pixel_hash",
    "preview_of",
    "read_metadata",
    "read_photo",
    "read_preview",
    "read_video_facts",
    "resized",
    "small_picture",
    "sniff",
    "spread",
    "thumbnail",
    "unified",
]
