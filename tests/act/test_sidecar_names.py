"""Which sidecar a photo has, and where that goes with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from pictrace.act.sidecar_names import existing_sidecar, photo_at, sidecar_at
from pictrace.errors import ActError
from pictrace.imaging.xmp import Xmp, parsed_xmp

from .sheets import sheet


def _says(path: Path) -> Xmp | None:
    return parsed_xmp(path.read_bytes(), most_bytes=100_000)


def _for(ending: str) -> bytes:
    said = f'xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" photoshop:SidecarForExtension="{ending}"'
    return sheet(f"<rdf:Description {said}/>")


ANYBODYS = sheet('<rdf:Description rdf:about=""/>')


@pytest.mark.parametrize(
    ("files", "photo", "sidecar"),
    [
        ({"a.jpg": b""}, "a.jpg", None),
        ({"a.jpg": b"", "a.jpg.xmp": ANYBODYS}, "a.jpg", "a.jpg.xmp"),
        ({"a.jpg": b"", "a.jpg.xmp": ANYBODYS, "a.xmp": _for("JPG")}, "a.jpg", "a.jpg.xmp"),
        ({"a.jpg": b"", "a.xmp": ANYBODYS}, "a.jpg", "a.xmp"),
        ({"a.JPG": b"", "a.XMP": ANYBODYS}, "a.JPG", "a.XMP"),
        ({"a.jpg": b"", "a.mov": b"", "a.aae": b"", "a.xmp": ANYBODYS}, "a.jpg", "a.xmp"),
        (
            {"a.jpg": b"", "a.jpg_original": b"", "a.txt": b"", "a.m4v": b"", "a.arp": b"", "a.xmp": ANYBODYS},
            "a.jpg",
            "a.xmp",
        ),
        ({"a.jpg": b"", "a.Xmp": ANYBODYS}, "a.jpg", "a.Xmp"),
        ({"a.jpg": b"", "a.jpg.XMP": ANYBODYS}, "a.jpg", "a.jpg.XMP"),
        ({"a.jpg": b"", "a.xmp": b"no xml"}, "a.jpg", "a.xmp"),
        ({"a.jpg": b"", "a.cr2": b"", "a.xmp": _for(".jpg")}, "a.jpg", "a.xmp"),
        ({"a.jpg": b"", "a.cr2": b"", "a.xmp": _for("CR2")}, "a.jpg", None),
        ({"a.jpg": b"", "a.cr2": b"", "a.xmp": _for("CR2")}, "a.cr2", "a.xmp"),
        ({"a.jpg": b"", "a.xmp": _for("CR2")}, "a.jpg", None),
        ({"a.jpg": b"", "a.jpg.png": b"", "a.jpg.xmp": ANYBODYS}, "a.jpg.png", None),
        ({"a.b.jpg": b"", "a.xmp": ANYBODYS}, "a.b.jpg", None),
    ],
)
def test_a_photo_has_the_sidecar_that_clearly_belongs_to_it(tmp_path, files, photo, sidecar) -> None:
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)

    found = existing_sidecar(tmp_path / photo, _says)

    assert found == (None if sidecar is None else tmp_path / sidecar)


@pytest.mark.parametrize(
    "files",
    [
        {"a.jpg": b"", "a.cr2": b"", "a.xmp": ANYBODYS},
        {"a.jpg": b"", "a.cr2": b"", "a.xmp": b"no xml"},
        {"a.jpg": b"", "a.JPG": b"", "a.xmp": _for("jpg")},
        {"a.jpg": b"", "a.cr2": b"", "a.xmp": _for("CR2"), "a.XMP": ANYBODYS},
        {"a.xmp": ANYBODYS},
    ],
)
def test_a_sidecar_that_may_be_another_photos_is_not_taken_for_none(tmp_path, files) -> None:
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)

    with pytest.raises(ActError, match="cannot be told"):
        existing_sidecar(tmp_path / "a.jpg", _says)


@pytest.mark.parametrize(
    ("name", "moved"),
    [("a.jpg.xmp", "b~2.jpg.xmp"), ("a.jpg.XMP", "b~2.jpg.XMP"), ("a.xmp", "b~2.xmp"), ("a.XMP", "b~2.XMP")],
)
def test_a_sidecar_keeps_its_kind_of_name_wherever_its_photo_goes(name, moved) -> None:
    photo, place = Path("/x/a.jpg"), Path("/y/b~2.jpg")

    assert sidecar_at(photo, Path("/x") / name, place) == Path("/y") / moved
    assert photo_at(photo, Path("/x") / name, Path("/y") / moved) == place
