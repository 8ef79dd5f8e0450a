"""The photographs of the demo, and the copies made of them.

The only module of the command line that opens pictures: the demo has to make some. They come with scikit-image, so
nothing is downloaded.
"""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from pictrace.errors import UsageError

# name in the demo's library → file that scikit-image carries
_LIBRARY = {
    "astronaut.jpg": "astronaut.png",
    "coffee.jpg": "coffee.png",
    "cat.jpg": "chelsea.png",
    "rocket.jpg": "rocket.jpg",
    "deep-field.jpg": "hubble_deep_field.jpg",
    "workshop-left.jpg": "motorcycle_left.png",
}


@dataclass(frozen=True, slots=True)
class Landing:
    """A photo that lands while the daemon runs.

    ``expected`` is the relation word that should be said, None for a photo that should be left alone.
    """

    name: str
    story: str
    expected: str | None
    make: Callable[[Path, Path], None]  # library, target


def make_library(folder: Path) -> None:
    """Fill a folder with photographs stored as a camera would.

    Raises:
        UsageError: the installed scikit-image does not carry them.
    """
    for name, source in _LIBRARY.items():
        with Image.open(_carried(source)) as photo:
            photo.convert("RGB").save(folder / name, quality=92)


def landings() -> tuple[Landing, ...]:
    """Return what lands, in order."""
    return (
        Landing("astronaut (1).jpg", "the same bytes under another name", "same-bytes", _byte_copy),
        Landing("IMG-20240101-WA0007.jpg", "re-encoded by a messenger", "rendition", _re_encoded),
        Landing("cat-small.jpg", "half the size", "rendition", _resized),
        Landing("rocket-turned.jpg", "turned by a quarter", "rendition", _turned),
        Landing("moon.jpg", "a photo you do not have", None, _different),
        Landing("workshop-right.jpg", "the same workshop from another place", None, _second_view),
    )


def _byte_copy(library: Path, target: Path) -> None:
    shutil.copyfile(library / "astronaut.jpg", target)


def _re_encoded(library: Path, target: Path) -> None:
    with Image.open(library / "coffee.jpg") as photo:
        photo.save(target, "JPEG", quality=50)


def _resized(library: Path, target: Path) -> None:
    with Image.open(library / "cat.jpg") as photo:
        photo.resize((photo.width // 2, photo.height // 2), Image.Resampling.LANCZOS).save(target, "JPEG", quality=85)


def _turned(library: Path, target: Path) -> None:
    with Image.open(library / "rocket.jpg") as photo:
        photo.transpose(Image.Transpose.ROTATE_90).save(target, "JPEG", quality=90)


def _different(_: Path, target: Path) -> None:
    with Image.open(_carried("moon.png")) as photo:
        photo.convert("RGB").save(target, "JPEG", quality=92)


def _second_view(_: Path, target: Path) -> None:
    with Image.open(_carried("motorcycle_right.png")) as photo:
        photo.convert("RGB").save(target, "JPEG", quality=92)


def _carried(name: str) -> Path:
    spec = importlib.util.find_spec("skimage")
    path = Path(spec.origin).parent / "data" / name if spec is not None and spec.origin else Path(name)
    if not path.is_file():
        raise UsageError(f"the demo needs {name}, which the installed scikit-image does not carry")
    return path
