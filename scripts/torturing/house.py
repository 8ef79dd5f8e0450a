"""A small library of drawn pictures with copies and companions, and what is in it at a moment."""

from __future__ import annotations

import hashlib
import io
import os
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from pictrace.act import write_marker

ROOT, OTHER_ROOT = "root-1", "root-2"
# What must never be gone: photos of either kind, and the videos of Live Photos.
CONTENTS = (".jpg", ".cr2", ".png", ".mov")
_XMP = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description rdf:about="" xmlns:t="urn:torture" t:photo="{}"/></rdf:RDF></x:xmpmeta>'
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """All that must be after as it was before: how often each photo is there, and each sidecar's own mark."""

    photos: Counter[tuple[str, int, int, str]]
    sidecars: Counter[str]


class House:
    """A library below ``near`` with its state; with ``far``, quarantine and a second root lie on that file system."""

    def __init__(self, near: Path, far: Path | None) -> None:
        self.near, self.far = near, far
        self.state = near / "state"
        self.tops = {ROOT: near / "library"} | ({OTHER_ROOT: far / "library"} if far else {})
        self.quarantine = far / "quarantine" if far else None
        self.trash = near / "home/Trash"

    def build(self, pictures: list[bytes]) -> None:
        """Fill it: each picture under the same names in several folders, every third with a sidecar.

        Both copies of the second picture are Live Photos, both of the third have their RAW. The sidecar that is named
        after the stem belongs to a RAW and its JPEG, and once to a picture that never goes.
        """
        for top in (*self.tops.values(), *([self.quarantine] if self.quarantine else [])):
            top.mkdir(parents=True)
        self.state.mkdir()
        self.trash.parent.mkdir()
        for identity, top in self.tops.items():
            write_marker(top, identity)
        for number in range(8):
            path = self.tops[ROOT] / f"folder-{number % 3}" / f"photo-{number // 3}.jpg"
            path.parent.mkdir(exist_ok=True)
            _put(path, pictures[number % len(pictures)], number)
            if number % 3 == 0:
                path.with_name(f"{path.name}.xmp").write_text(_XMP.format(digest_of(path) + f"-{number}"))
            if number % 4 == 1:
                _put(path.with_suffix(".mov"), f"video of {digest_of(path)}".encode(), number)
            if number % 4 == 2:
                _put(path.with_suffix(".cr2"), f"raw of {digest_of(path)}".encode(), number)
            if number == 3:
                _put(path.with_suffix(".png"), b"a picture of that name", number)
            if number in (2, 3, 6):
                path.with_suffix(".xmp").write_text(_XMP.format(digest_of(path) + f"-{number}-of-the-stem"))

    def photos(self) -> list[Path]:
        """Return the photos outside quarantine, in a fixed order."""
        found = (path for top in self.tops.values() for path in top.rglob("*.jpg") if ".pictrace" not in path.parts)
        return sorted(found)

    def everything(self) -> list[Path]:
        """Return each file in library, quarantine and trash but PicTrace's own two."""
        tops = [*self.tops.values(), self.trash, *([self.quarantine] if self.quarantine else [])]
        files = (path for top in tops for path in top.rglob("*") if path.is_file())
        return sorted(path for path in files if path.name not in ("manifest.jsonl", "root-id"))

    def count(self) -> Counted:
        """Count what is there: content, mtime, mode and attribute of photos, the marks of sidecars."""
        files = self.everything()
        return Counted(
            photos=Counter(_seen(path) for path in files if path.suffix in CONTENTS),
            sidecars=Counter(mark for path in files if path.suffix == ".xmp" if (mark := mark_of(path))),
        )


def _put(path: Path, content: bytes, number: int) -> None:
    path.write_bytes(content)
    path.chmod((0o644, 0o640, 0o600, 0o664)[number % 4])
    os.setxattr(path, "user.torture", b"%d" % number)
    os.utime(path, ns=(1, 10**18 + number * 1_000_000_007))


def draw(seed: int) -> list[bytes]:
    """Return the bytes of four small pictures."""
    return [_drawn(np.random.default_rng((seed, number))) for number in range(4)]


def _drawn(dice: np.random.Generator) -> bytes:
    image = Image.fromarray(dice.integers(0, 256, (4, 6, 3), dtype=np.uint8)).resize((96, 64), Image.Resampling.BICUBIC)
    ImageDraw.Draw(image).polygon([(8, 8), (60, 20), (14, 50)], fill=(int(dice.integers(256)), 90, 30))
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=90)
    return stream.getvalue()


def _seen(path: Path) -> tuple[str, int, int, str]:
    status = path.stat()
    return digest_of(path), status.st_mtime_ns, status.st_mode, os.getxattr(path, "user.torture").decode()


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def mark_of(sidecar: Path) -> str:
    """Return whose sidecar it is, nothing where the torture did not make it; half a sidecar has another mark."""
    text = sidecar.read_text()
    if not text.rstrip().endswith("</x:xmpmeta>"):
        return f"half a sidecar: {sidecar}"
    return text.partition('t:photo="')[2].partition('"')[0]
