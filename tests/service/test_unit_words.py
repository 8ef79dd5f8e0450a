import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pictrace.service.unit_words import argument, mount_unit_name, word

NAMES = {
    "/": "-.mount",
    "/srv": "srv.mount",
    "/srv/photos/": "srv-photos.mount",
    "/srv/my photos": r"srv-my\x20photos.mount",
    "/mnt/a-b": r"mnt-a\x2db.mount",
    "/.hidden/.x": r"\x2ehidden-.x.mount",
    "/mnt/x:y_z.w": "mnt-x:y_z.w.mount",
    "/mnt/ü": r"mnt-\xc3\xbc.mount",
    "/mnt//twice/./dot": "mnt-twice-dot.mount",
    "/mnt/\udcff": r"mnt-\xff.mount",
    "/50%": r"50\x25.mount",
}


@pytest.mark.parametrize(("point", "name"), NAMES.items())
def test_a_mount_has_the_name_that_systemd_gives_it(point: str, name: str) -> None:
    assert mount_unit_name(Path(point)) == name


@pytest.mark.skipif(shutil.which("systemd-escape") is None, reason="systemd-escape is not installed")
def test_systemd_escape_agrees() -> None:
    points = [*NAMES, "/mnt/\x01\t", "/a.b", "/mnt/-x", "/0/~"]

    # Through Path, as the names go: systemd 252 refuses "." in a path, which a Path never has inside.
    told = [
        subprocess.run(
            ["systemd-escape", "--path", "--suffix=mount", Path(point)], capture_output=True, check=True, timeout=60
        )
        .stdout.decode()
        .removesuffix("\n")
        for point in points
    ]

    assert told == [mount_unit_name(Path(point)) for point in points]


@given(st.lists(st.text(min_size=1).filter(lambda part: "/" not in part and "\0" not in part), min_size=1))
def test_two_mounts_never_share_a_name(parts: list[str]) -> None:
    point = Path("/", *(part for part in parts if part not in (".", "..")))

    name = mount_unit_name(point)

    assert name.isascii()
    assert unescaped(name) == str(point).encode("utf-8", "surrogatepass")


def unescaped(name: str) -> bytes:
    """Return the path that a mount unit's name stands for, as systemd.unit(5) reads it."""
    inner = name.removesuffix(".mount")
    if inner == "-":
        return b"/"
    return b"/" + inner.replace("-", "/").encode().decode("unicode_escape").encode("latin-1")


@pytest.mark.parametrize(
    ("path", "written"),
    [
        ("/srv/photos", "/srv/photos"),
        ("/srv/my photos", '"/srv/my photos"'),
        ("/srv/50%", '"/srv/50%%"'),
        ('/srv/a"b', r'"/srv/a\"b"'),
        (r"/srv/a\b", r'"/srv/a\\b"'),
        ("/srv/a:b", '"/srv/a:b"'),
        ("/srv/写真", '"/srv/写真"'),
        ("/srv/$x", '"/srv/$x"'),
    ],
)
def test_a_path_is_one_word(path: str, written: str) -> None:
    assert word(Path(path)) == written


def test_an_argument_names_no_variable() -> None:
    assert argument(Path("/etc/$HOME")) == '"/etc/$$HOME"'
