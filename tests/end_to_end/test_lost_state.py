"""Both databases deleted: what a scan put away comes home by the manifest, by the command a person would give."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from .conftest import House  # type: ignore[import-not-found]

_XMP = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description rdf:about=""/></rdf:RDF></x:xmpmeta>'
)


@pytest.fixture(params=["beside", "another disk"])
def quarantine(request, tmp_path: Path):
    """Return the absolute quarantine folder on another file system, None where it lies beside the photos."""
    if request.param == "beside":
        yield None
        return
    memory = Path("/dev/shm")
    if not memory.is_dir() or memory.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("no second file system at /dev/shm")
    with tempfile.TemporaryDirectory(dir=memory) as folder:
        yield Path(folder)


def test_with_both_databases_lost_everything_comes_home(
    house: House, photo: Callable[..., Path], quarantine: Path | None
) -> None:
    for number in range(4):
        photo(f"{number}.jpg", seed=number, folder=house.library)
        copy = house.library / f"In/copy of {number}.jpg"
        copy.parent.mkdir(exist_ok=True)
        shutil.copyfile(house.library / f"{number}.jpg", copy)
    (house.library / "In/copy of 1.jpg.xmp").write_text(_XMP)
    extra = "" if quarantine is None else f"quarantine: {quarantine}\n"
    house.configure(rules="  - include: exact-copies\n", extra=extra)
    before = house.tree()

    house.run("scan", "--act", "--yes")
    acted = house.tree()
    for name in ("index.db", "journal.db"):
        for ending in ("", "-wal", "-shm"):
            (house.state / f"{name}{ending}").unlink(missing_ok=True)
    restored = house.run("quarantine", "restore", "--from-manifest", str(house.library))
    home = house.tree()
    again = house.run("quarantine", "restore", "--from-manifest", str(house.library))

    assert len(acted) == len(before) - 5
    assert [one["error"] for one in restored] == [None] * 5
    assert home == before
    assert again == []
    assert house.tree() == before
    top = quarantine or house.library / ".pictrace"
    assert not [path for path in top.rglob("*") if path.is_file() and path.suffix in (".jpg", ".xmp", ".tmp")]
