"""A household of real photographs with all that rule sets are made for, and with what they must leave alone."""

from __future__ import annotations

import json
from pathlib import Path

from PIL import Image
from tests.conftest import draw_photo  # type: ignore[import-not-found]

from .making import (  # type: ignore[import-not-found]
    File,
    Tree,
    camera,
    cropped,
    rated,
    real,
    recolored,
    screenshot,
    scribbled,
    sent,
    text,
)

# One worker: photos are known in the order of their names, so that the same pairs are found each time.
ROOTS = """
version: 1
workers: 1
roots:
  - path: HOME/Photos
  - path: HOME/Inbox
    role: inbox
  - path: HOME/Archive
    role: archive
"""


def corpus_home(corpus: Path) -> Tree:
    """Return the tree; its paths count from a folder that holds the three roots."""
    beach, bridge, castle, market, tower, lake, garden, street, harbor = (
        real(path) for path in sorted((corpus / "photos").glob("bsds500__*.jpg"))[:18:2]
    )
    photos = {
        "2023/IMG_0001.jpg": camera(beach),
        "2023/IMG_0002.jpg": camera(bridge),
        "2023/IMG_0002.jpg.xmp": File(content=(corpus / "formats/pairs/xmp_digikam.xmp").read_bytes()),
        "2023/IMG_0003.jpg": rated(camera(castle), 3),
        "2023/IMG_0003 warm.jpg": recolored(castle),
        "2023/IMG_0003 cut.jpg": cropped(castle),
        "Small/IMG_0300.jpg": sent(harbor, longest=320),
        "Old disk/IMG_0001.jpg": camera(beach).later(),
    }
    photos["WhatsApp/Media/WhatsApp Images/IMG-20240131-WA0001.jpg.xmp"] = photos["2023/IMG_0002.jpg.xmp"]
    folders = (photos, _messengers(beach, bridge, castle, market), _conflicts(beach, castle), _series(corpus))
    tree = {f"Photos/{name}": file for folder in folders for name, file in folder.items()}
    tree |= {f"Photos/{name}": file for name, file in (_takeout(tower, bridge, lake, garden) | _units(corpus)).items()}
    tree |= {
        "Photos/Screenshots/Screenshot_20240131-123456.png": screenshot(bridge),
        "Photos/Screenshots/Screenshot_20240201-123456.png": screenshot(Image.blend(market, market.rotate(180), 0.5)),
        "Inbox/DSC_0001.jpg": sent(lake, longest=400, quality=75),
        "Inbox/DSC_0002.jpg": camera(street),
        "Inbox/DSC_0002 copy.jpg": camera(street).later(),
        "Inbox/DSC_0300.jpg": camera(harbor),
        "Archive/IMG_0002.jpg": camera(bridge).later(-1000),
    }
    return tree


def _messengers(beach: Image.Image, bridge: Image.Image, castle: Image.Image, market: Image.Image) -> Tree:
    """Return copies of photos that are there, an edited one, and one that somebody else took."""
    return {
        "WhatsApp/Media/WhatsApp Images/IMG-20240131-WA0001.jpg": sent(beach, longest=440),
        "Saved/photo_2024-01-31_12-34-56.jpg": sent(bridge, longest=460, quality=80),
        "Saved/signal-2024-01-31-123456.jpg": scribbled(castle),
        "Saved/FB_IMG_1600000000000.jpg": sent(market),
    }


def _conflicts(beach: Image.Image, castle: Image.Image) -> Tree:
    return {
        "2023/IMG_0003.sync-conflict-20240131-123456-ABCDEFG.jpg": camera(castle).later(),
        "2023/IMG_0001 (conflicted copy 2024-01-31 123456).jpg": recolored(beach),
    }


def _takeout(tower: Image.Image, bridge: Image.Image, lake: Image.Image, garden: Image.Image) -> Tree:
    """Return a photo in its year and in an album, an edited one, two of one name, and one you have elsewhere."""
    year, album = "Takeout/Google Photos/Photos from 2023", "Takeout/Google Photos/Holiday"
    return {
        f"{year}/IMG_0004.jpg": camera(tower),
        f"{year}/IMG_0004.jpg.supplemental-metadata.json": _said_by_google("IMG_0004.jpg"),
        f"{year}/IMG_0004-edited.jpg": recolored(tower),
        f"{album}/IMG_0004.jpg": camera(tower),
        f"{album}/IMG_0004.jpg.supplemental-metadata.json": _said_by_google("IMG_0004.jpg"),
        f"{year}/IMG_0005.jpg": camera(lake),
        f"{year}/IMG_0005(1).jpg": camera(garden),
        f"{year}/IMG_0002.jpg": sent(bridge, longest=470, quality=85),
        f"{year}/IMG_0002.jpg.supplemental-metada.json": _said_by_google("IMG_0002.jpg"),
    }


def _series(corpus: Path) -> Tree:
    """Return other exposures of a moment, other views of a place, and a bracket that nobody can tell from an edit."""
    series = corpus / "series"
    return {
        "Walk/IMG_0101.jpg": camera(real(series / "fox__0001.jpg"), at="15:00:01"),
        "Walk/IMG_0102.jpg": camera(real(series / "fox__0002.jpg"), at="15:00:02"),
        "Walk/IMG_0103.jpg": camera(real(series / "lund__01.jpg"), at="16:00:00"),
        "Walk/IMG_0104.jpg": camera(real(series / "lund__02.jpg"), at="16:07:00"),
        "Walk/DSC_0070.jpg": sent(real(series / "hdr-livingroom1__DSC_0070.png"), longest=900, quality=92),
        "Walk/DSC_0072.jpg": sent(real(series / "hdr-livingroom1__DSC_0072.png"), longest=900, quality=92),
    }


def _units(corpus: Path) -> Tree:
    """Return a RAW with its JPEG, and a Live Photo that lies in two folders."""
    raw = corpus / "formats" / "raw" / "colorchart.dng"
    developed = _developed(raw)
    live = {
        "IMG_0200.heic": File(content=(corpus / "formats" / "heic_exiv2.heic").read_bytes()),
        "IMG_0200.mov": File(content=_without_time((corpus / "formats" / "mov_small.mov").read_bytes())),
    }
    return {
        "RAW/IMG_0100.dng": File(content=raw.read_bytes()),
        "RAW/IMG_0100.jpg": camera(developed),
        **{f"Live/{name}": file for name, file in live.items()},
        **{f"Old disk/{name}": file.later() for name, file in live.items()},
    }


def _developed(raw: Path) -> Image.Image:
    """Return the picture in a RAW; without the extra that reads it, any: the pair is one by its names."""
    try:
        import rawpy  # noqa: PLC0415 – an extra
    except ImportError:
        return draw_photo(77, 1200, 900)
    with rawpy.imread(str(raw)) as opened:
        return Image.fromarray(opened.postprocess(half_size=True))


def _without_time(video: bytes) -> bytes:
    """Return a video that does not say when it was made, as the photo beside it: with one time, it is no pair."""
    start = video.index(b"mvhd") + 8
    return video[:start] + bytes(8) + video[start + 8 :]


def _said_by_google(title: str) -> File:
    return text(json.dumps({"title": title, "photoTakenTime": {"timestamp": "1600000000"}, "geoData": {"latitude": 0}}))
