"""Which sidecar a photo has, and where that goes with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from pictrace.act.sidecar_names import existing_sidecar, photo_at, sidecar_at

from .sheets import sheet


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
        ({"a.jpg": b"", "a.cr2": b"", "a.xmp": ANYBODYS}, "a.jpg", None),
        ({"a.jpg": b"", "A.CR2": b"", "a.xmp": ANYBODYS}, "a.jpg", None),
        ({"a.jpg": b"", "a.unknown": b"", "a.xmp": ANYBODYS}, "a.jpg", None),
        ({"a.jpg": b"", "a.cr2": b"", "a.xmp": _for("CR2")}, "a.jpg", None),
        ({"a.jpg": b"", "a.cr2": b"", "a.xmp": _for("CR2")}, "a.cr2", "a.xmp"),
        ({"a.jpg": b"", "a.xmp": _for("CR2")}, "a.jpg", None),
        ({"a.jpg": b"", "a.xmp": b"no xml"}, "a.jpg", None),
        ({"a.b.jpg": b"", "a.xmp": ANYBODYS}, "a.b.jpg", None),
    ],
)
def test_a_photo_has_the_sidecar_that_clearly_belongs_to_it(tmp_path, files, photo, sidecar) -> None:
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)

    found = existing_sidecar(tmp_path / photo, Path.read_bytes)

    assert found == (None if sidecar is None else tmp_path / sidecar)


@pytest.mark.parametrize(("name", "moved"), [("a.jpg.xmp", "b~2.jpg.xmp"), ("a.xmp", "b~2.xmp"), ("a.XMP", "b~2.XMP")])
def test_a_sidecar_keeps_its_kind_of_name_wherever_its_photo_goes(name, moved) -> None:
    photo, place = Path("/x/a.jpg"), Path("/y/b~2.jpg")

    assert sidecar_at(photo, Path("/x") / name, place) == Path("/y") / moved
    assert photo_at(photo, Path("/x") / name, Path("/y") / moved) == place
