"""The pictures on a page."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from pictrace.web.page import picture_urls

BASE = "http://photos.example/albums/1.html"


def urls(tmp_path: Path, html: str, *, most: int = 50, charset: str | None = None) -> list[str]:
    page = tmp_path / "page"
    page.write_bytes(html.encode(charset or "utf-8"))
    return picture_urls(page, BASE, charset, most)


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<img src=a.jpg>", "http://photos.example/albums/a.jpg"),
        ("<img src=/a.jpg>", "http://photos.example/a.jpg"),
        ("<img src=//cdn.example/a.jpg>", "http://cdn.example/a.jpg"),
        ("<base href=/other/><img src=a.jpg>", "http://photos.example/other/a.jpg"),
        ("<img src=a.jpg#part>", "http://photos.example/albums/a.jpg"),
        (
            "<img data-src=real.jpg src=data:image/gif;base64,R0lGODlhAQABAAAAACw=>",
            "http://photos.example/albums/real.jpg",
        ),
        ("<img src=s.jpg srcset='m.jpg 640w, l.jpg 1280w, s.jpg 320w'>", "http://photos.example/albums/l.jpg"),
        ("<img src=s.jpg srcset='s.jpg, l.jpg 2x'>", "http://photos.example/albums/l.jpg"),
        (
            "<picture><source srcset='s.avif 640w, l.avif 1280w'><img src=s.jpg></picture>",
            "http://photos.example/albums/l.avif",
        ),
        ("<img src='a b\n c.jpg '>", "http://photos.example/albums/a%20b%20c.jpg"),
        ("<img srcset='a.jpg 1x,b.jpg 2x'>", "http://photos.example/albums/b.jpg"),
        ("<img srcset='a.jpg, 2x.jpg 2x'>", "http://photos.example/albums/2x.jpg"),
        ("<meta property=og:image content=/og.jpg>", "http://photos.example/og.jpg"),
        ("<img src='data:image/png;base64,iVBORw0KGgo='>", "data:image/png;base64,iVBORw0KGgo="),
    ],
)
def test_a_picture_is_found(tmp_path: Path, html: str, expected: str) -> None:
    assert urls(tmp_path, html) == [expected]


@pytest.mark.parametrize(
    "html",
    [
        "",
        "text",
        "<img>",
        "<img src=''>",
        "<img src=file:///etc/passwd>",
        "<img src=javascript:a()>",
        "<!DOCTYPE x",
    ],
)
def test_what_is_no_picture_on_the_web_is_left_out(tmp_path: Path, html: str) -> None:
    found = urls(tmp_path, html)

    assert [url for url in found if not url.startswith("http://photos.example/")] == []


def test_what_says_to_be_larger_comes_first_and_each_url_once(tmp_path: Path) -> None:
    html = (
        "<img src=icon.png width=16 height=16><img src=plain.jpg><img src=large.jpg width=1200 height=800px>"
        "<img src=large.jpg width=10 height=10><meta property=og:image content=og.jpg>"
    )

    found = [url.rpartition("/")[2] for url in urls(tmp_path, html)]

    assert found == ["og.jpg", "large.jpg", "plain.jpg", "icon.png"]


def test_no_more_than_so_many(tmp_path: Path) -> None:
    html = "".join(f"<img src={number}.jpg>" for number in range(80))

    assert len(urls(tmp_path, html)) == 50


def test_the_charset_that_the_server_tells_counts(tmp_path: Path) -> None:
    assert urls(tmp_path, "<img src=é.jpg>", charset="latin-1") == ["http://photos.example/albums/é.jpg"]


@pytest.mark.parametrize(
    "html",
    [
        f"<img srcset='{' ' * 20_000}'>",
        f"<img srcset='a.jpg{' ' * 20_000}'>",
        f"<img srcset='{', ' * 20_000}'>",
        f"<picture>{'<source srcset=a.jpg></source>' * 10_000}{'<img src=a.jpg>' * 10_000}</picture>",
        "<img src=a.jpg>" * 400_000,
    ],
)
def test_a_page_made_to_be_slow_is_not(tmp_path: Path, html: str) -> None:
    before = time.process_time()

    urls(tmp_path, html)

    assert time.process_time() - before < 10


def test_a_charset_with_anything_in_it_is_passed_over(tmp_path: Path) -> None:
    page = tmp_path / "page"
    page.write_bytes(b"<img src=a.jpg>")

    assert picture_urls(page, BASE, "a\0b", 50) == ["http://photos.example/albums/a.jpg"]


def test_no_entity_is_followed(tmp_path: Path) -> None:
    html = '<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/hostname">]><img src="/&x;.jpg">'

    assert urls(tmp_path, html) == ["http://photos.example/&x;.jpg"]
