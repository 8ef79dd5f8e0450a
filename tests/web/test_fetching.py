"""Fetching meets every limit that is promised, asks only the addresses that were checked, and writes nowhere else."""

from __future__ import annotations

import base64
import dataclasses
import os
import socket
import threading
from pathlib import Path
from typing import Any

import pytest

from pictrace.errors import WebError
from pictrace.web.fetching import Web
from pictrace.web.limits import USUAL, Limits
from pictrace.web.page import picture_urls
from pictrace.web.visiting import Visited, visit

from .conftest import Names, Site, jpeg, moved, packed, sent, serving, slowly  # type: ignore[import-not-found]

PUBLIC = "93.184.216.34"
OTHER_PUBLIC = "93.184.216.35"
SMALL = dataclasses.replace(
    USUAL, picture_bytes=100_000, page_bytes=50_000, all_bytes=150_000, header_bytes=4_000, seconds=30
)
HURRIED = dataclasses.replace(SMALL, seconds=0.7)


def fetched(site: Site, kept: Path, path: str = "/a.jpg", *, limits: Limits = SMALL) -> Any:
    return Web(kept, limits=limits, allow_private=True).fetch(site.url(path))


def refused(site: Site, kept: Path, path: str = "/a.jpg", *, limits: Limits = SMALL) -> str:
    with pytest.raises(WebError) as told:
        fetched(site, kept, path, limits=limits)
    return str(told.value)


def test_a_picture_is_fetched_byte_by_byte_the_same(site: Site, kept: Path) -> None:
    site.pages["/a.jpg"] = sent(jpeg())

    found = fetched(site, kept)

    assert found.path.read_bytes() == jpeg()
    assert found.path.parent == kept
    assert (found.url, found.is_page) == (site.url("/a.jpg"), False)


def test_a_request_says_nothing_of_the_person(site: Site, kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1/")
    monkeypatch.setenv("NETRC", "/nowhere")
    site.pages["/a.jpg"] = sent(jpeg(), Set_Cookie="a=b")

    web = Web(kept, limits=SMALL, allow_private=True)

    web.fetch(site.url("/a.jpg"))
    web.fetch(site.url("/a.jpg"))

    assert {name.lower() for _, headers in site.asked for name in headers} == {
        *("host", "user-agent", "accept", "accept-encoding", "connection")
    }


class TestSize:
    def test_what_says_to_be_huge_is_not_read(self, site: Site, kept: Path) -> None:
        def huge(request: Any) -> None:
            request.send_response(200)
            request.send_header("Content-Type", "image/jpeg")
            request.send_header("Content-Length", str(10**12))
            request.end_headers()

        site.pages["/a.jpg"] = huge

        assert "limit on the size of a picture: 100000 bytes, found 1000000000000" in refused(site, kept)

    def test_what_is_huge_and_says_nothing_is_cut_off(self, site: Site, kept: Path) -> None:
        def endless(request: Any) -> None:
            request.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\n\r\n" + jpeg())
            while not site.stopping.is_set():
                request.wfile.write(bytes(10_000))

        site.pages["/a.jpg"] = endless

        assert "limit on the size of a picture: 100000 bytes, found more" in refused(site, kept)
        assert sum(path.stat().st_size for path in kept.iterdir()) <= 100_000

    @pytest.mark.parametrize("size", ["-1", "-5"])
    def test_a_chunk_of_less_than_nothing_is_never_read(self, site: Site, kept: Path, size: str) -> None:
        def endless(request: Any) -> None:
            head = b"HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\nTransfer-Encoding: chunked\r\n\r\n"
            request.wfile.write(head + f"{size}\r\n".encode())
            while not site.stopping.is_set():
                request.wfile.write(bytes(10_000))

        site.pages["/a.jpg"] = endless

        assert f"cannot be fetched: expected the size of what is sent, found {size}" in refused(site, kept)

    def test_what_comes_in_chunks_is_put_together(self, site: Site, kept: Path) -> None:
        halves = (jpeg()[:5000], jpeg()[5000:])
        body = b"".join(b"%x\r\n%s\r\n" % (len(half), half) for half in halves) + b"0\r\n\r\n"
        site.pages["/a.jpg"] = sent(body, Transfer_Encoding="chunked")

        assert fetched(site, kept).path.read_bytes() == jpeg()

    def test_what_a_server_says_is_told_in_brief(self, site: Site, kept: Path) -> None:
        site.pages["/a.jpg"] = lambda request: request.wfile.write(b"x" * 60_000 + b"\r\n\r\n") and None

        assert len(refused(site, kept)) < 1000

    def test_a_bomb_is_cut_off_where_it_is_unpacked(self, site: Site, kept: Path) -> None:
        bomb = packed(jpeg() + bytes(50_000_000))
        site.pages["/a.jpg"] = sent(bomb, Content_Encoding="gzip")
        assert len(bomb) < 100_000

        assert "limit on the size of a picture: 100000 bytes, found more" in refused(site, kept)
        assert sum(path.stat().st_size for path in kept.iterdir()) <= 100_000

    def test_what_comes_packed_is_unpacked(self, site: Site, kept: Path) -> None:
        site.pages["/a.jpg"] = sent(packed(jpeg()), Content_Encoding="gzip")

        assert fetched(site, kept).path.read_bytes() == jpeg()

    @pytest.mark.parametrize("encoding", ["br", "zstd", "deflate", "gzip, gzip", "compress"])
    def test_no_other_packing_is_unpacked(self, site: Site, kept: Path, encoding: str) -> None:
        site.pages["/a.jpg"] = sent(jpeg(), Content_Encoding=encoding)

        assert f"expected bytes as they are or gzip, found {encoding}" in refused(site, kept)

    def test_too_many_headers_are_refused(self, site: Site, kept: Path) -> None:
        site.pages["/a.jpg"] = sent(jpeg(), **{f"X_{number}": "x" * 100 for number in range(60)})

        assert "limit on headers: 4000 bytes, found 6" in refused(site, kept)

    def test_all_pictures_together_have_a_limit(self, site: Site, kept: Path) -> None:
        site.pages["/a.jpg"] = sent(jpeg(size=(640, 480)))
        web = Web(
            kept, limits=dataclasses.replace(SMALL, all_bytes=len(jpeg(size=(640, 480))) + 10), allow_private=True
        )
        web.fetch(site.url("/a.jpg"))

        with pytest.raises(WebError, match="limit on all pictures together"):
            web.fetch(site.url("/a.jpg"))


class TestTime:
    def test_a_server_that_says_nothing(self, site: Site, kept: Path) -> None:
        site.pages["/a.jpg"] = lambda _: site.stopping.wait(60) and None

        assert "limit on time: 0.7 s for one URL" in refused(site, kept, limits=HURRIED)

    def test_headers_that_drip(self, site: Site, kept: Path) -> None:
        site.pages["/a.jpg"] = slowly(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 10_000, site.stopping, seconds=0.05)

        assert "limit on time: 0.7 s" in refused(site, kept, limits=HURRIED)

    def test_a_picture_that_drips(self, site: Site, kept: Path) -> None:
        head = b"HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\n\r\n"

        def drip(request: Any) -> None:
            request.wfile.write(head + jpeg()[:1000])
            slowly(jpeg()[1000:], site.stopping, seconds=0.05)(request)

        site.pages["/a.jpg"] = drip

        assert "limit on time: 0.7 s" in refused(site, kept, limits=HURRIED)

    def test_redirects_share_the_time(self, site: Site, kept: Path) -> None:
        def late(request: Any) -> None:
            if not site.stopping.wait(0.3):
                moved("/a.jpg")(request)

        site.pages["/a.jpg"] = late

        assert "limit on time: 0.7 s" in refused(site, kept, limits=HURRIED)

    def test_a_name_that_nobody_answers_for(self, kept: Path) -> None:
        done = threading.Event()
        web = Web(kept, limits=HURRIED, resolve=lambda *_: [str(done.wait(60))])

        with pytest.raises(WebError, match=r"limit on time: 0\.7 s for one URL, its address was not told"):
            web.fetch("http://photos.example/a.jpg")
        done.set()


class TestKind:
    @pytest.mark.parametrize("kind", ["text/plain", "application/octet-stream", "image/svg+xml", "video/mp4"])
    def test_another_type_is_refused(self, site: Site, kept: Path, kind: str) -> None:
        site.pages["/a.jpg"] = sent(jpeg(), kind)

        assert f"expected the type of a picture or of a page, found {kind}" in refused(site, kept)

    @pytest.mark.parametrize("content", [b"#!/bin/sh\n", b"<html><body>", b"PK\x03\x04", b"\x00\x00\x00\x18ftypisom"])
    def test_a_picture_by_type_alone_is_refused(self, site: Site, kept: Path, content: bytes) -> None:
        site.pages["/a.jpg"] = sent(content + bytes(100))

        assert "expected a picture, as its type says, found" in refused(site, kept)

    def test_a_page_by_type_alone_is_refused(self, site: Site, kept: Path) -> None:
        site.pages["/a.jpg"] = sent(jpeg(), "text/html")

        assert "expected a page, as its type says, found first bytes ff d8" in refused(site, kept)

    def test_nothing_is_refused(self, site: Site, kept: Path) -> None:
        site.pages["/a.jpg"] = sent(b"")

        assert "expected a picture or a page, found 0 bytes" in refused(site, kept)

    def test_an_error_is_told(self, site: Site, kept: Path) -> None:
        assert "expected the answer 200, found 404" in refused(site, kept)

    def test_what_ends_too_early_is_refused(self, site: Site, kept: Path) -> None:
        def half(request: Any) -> None:
            request.wfile.write(
                b"HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\nContent-Length: 9000\r\n\r\n" + jpeg()[:500]
            )

        site.pages["/a.jpg"] = half

        assert "expected 9000 bytes, found an end after 500" in refused(site, kept)

    def test_gzip_that_ends_too_early_is_refused(self, site: Site, kept: Path) -> None:
        site.pages["/a.jpg"] = sent(packed(jpeg())[:-20], Content_Encoding="gzip")

        assert "expected whole gzip, found its end missing" in refused(site, kept)

    def test_gzip_with_more_behind_it_is_refused(self, site: Site, kept: Path) -> None:
        site.pages["/a.jpg"] = sent(packed(jpeg()[:9000]) + packed(jpeg()[9000:]), Content_Encoding="gzip")

        assert "expected gzip and nothing more" in refused(site, kept)

    @pytest.mark.parametrize(
        ("words", "charset"),
        [
            ("charset=UTF-8", "utf-8"),
            ('charset = "koi8-r"; x=y', "koi8-r"),
            ("charset*=a\0b'en'utf-8", None),
            ("charset*0=a; charset*1*=%ff; charset*=x", None),
            (f"charset={'x' * 50}", "x" * 40),
        ],
    )
    def test_nonsense_about_the_charset_is_no_trouble(
        self, site: Site, kept: Path, words: str, charset: str | None
    ) -> None:
        site.pages["/a.jpg"] = sent(b"<img>", f"text/html; {words}")

        assert fetched(site, kept).charset == charset

    def test_what_is_no_http_is_told(self, site: Site, kept: Path) -> None:
        site.pages["/a.jpg"] = lambda request: request.wfile.write(b"220 mail.example ESMTP\r\n") and None

        assert "cannot be fetched: 220 mail.example ESMTP" in refused(site, kept)


class TestRedirects:
    @pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
    def test_a_redirect_is_followed(self, site: Site, kept: Path, status: int) -> None:
        site.pages |= {"/a.jpg": moved("/b.jpg", status), "/b.jpg": sent(jpeg())}

        assert fetched(site, kept).final_url == site.url("/b.jpg")

    def test_a_loop_ends(self, site: Site, kept: Path) -> None:
        site.pages["/a.jpg"] = moved("/a.jpg")

        assert "limit on redirects: 5, found more" in refused(site, kept)
        assert len(site.asked) == 6

    @pytest.mark.parametrize("place", ["/über ß.jpg", "/ü\tber ß.jpg "])
    def test_a_place_is_read_as_browsers_do(self, site: Site, kept: Path, place: str) -> None:
        asked = "/%C3%BCber%20%C3%9F.jpg"
        # `send_header` takes each character for a byte.
        site.pages |= {"/a.jpg": moved(place.encode().decode("latin-1")), asked: sent(jpeg())}

        fetched(site, kept)

        assert site.paths() == ["/a.jpg", asked]

    @pytest.mark.parametrize("place", ["file:///etc/passwd", "ftp://photos.example/", "data:image/png;base64,AAAA"])
    def test_no_redirect_leaves_the_web(self, site: Site, kept: Path, place: str) -> None:
        site.pages["/a.jpg"] = moved(place)

        assert f"redirects to {place}: expected" in refused(site, kept)

    def test_a_redirect_brings_no_password(self, site: Site, kept: Path) -> None:
        site.pages["/a.jpg"] = moved(f"http://me:secret@127.0.0.1:{site.port}/b.jpg")

        assert "expected no user name or password" in refused(site, kept)


class TestAddresses:
    def web(self, kept: Path, names: Names) -> Web:
        return Web(kept, limits=SMALL, resolve=names.resolve, connect=names.connect)

    def test_a_public_address_is_asked_by_the_name_of_its_host(self, site: Site, kept: Path) -> None:
        site.pages["/a.jpg"] = sent(jpeg())
        names = Names({"photos.example": [[PUBLIC]]})

        self.web(kept, names).fetch(site.url("/a.jpg", "photos.example"))

        assert names.connected == [PUBLIC]
        assert site.asked[0][1]["Host"] == f"photos.example:{site.port}"

    @pytest.mark.parametrize("private", ["127.0.0.1", "10.0.0.1", "::ffff:127.0.0.1", "fe80::1%2", "169.254.169.254"])
    def test_one_address_that_is_not_public_is_one_too_many(self, kept: Path, private: str) -> None:
        names = Names({"photos.example": [[PUBLIC, private]]})

        with pytest.raises(WebError, match="expected a public address, found"):
            self.web(kept, names).fetch("http://photos.example/a.jpg")

        assert names.connected == []

    def test_what_was_checked_is_what_is_asked(self, site: Site, kept: Path) -> None:
        site.pages["/a.jpg"] = sent(jpeg())
        names = Names({"photos.example": [[PUBLIC], ["127.0.0.1"]]})  # rebinding: the second answer is another one

        self.web(kept, names).fetch(site.url("/a.jpg", "photos.example"))

        assert (names.looked_up, names.connected) == (["photos.example"], [PUBLIC])

    @pytest.mark.parametrize(
        "place", ["http://inner.example:{port}/b.jpg", "http://127.0.0.1:{port}/b.jpg", "http://[::1]:{port}/b.jpg"]
    )
    def test_a_redirect_to_a_private_address_is_not_followed(self, site: Site, kept: Path, place: str) -> None:
        site.pages |= {"/a.jpg": moved(place.format(port=site.port)), "/b.jpg": sent(jpeg())}
        answers = {"photos.example": [[PUBLIC]], "inner.example": [["192.168.1.1"]]}
        names = Names(answers | {"127.0.0.1": [["127.0.0.1"]], "::1": [["::1"]]})

        with pytest.raises(WebError, match="expected a public address, found"):
            self.web(kept, names).fetch(site.url("/a.jpg", "photos.example"))

        assert (names.connected, site.paths()) == ([PUBLIC], ["/a.jpg"])

    def test_a_redirect_to_the_same_name_is_checked_anew(self, site: Site, kept: Path) -> None:
        site.pages |= {"/a.jpg": moved("/b.jpg"), "/b.jpg": sent(jpeg())}
        names = Names({"photos.example": [[PUBLIC], ["127.0.0.1"]]})

        with pytest.raises(WebError, match=r"found 127\.0\.0\.1"):
            self.web(kept, names).fetch(site.url("/a.jpg", "photos.example"))

        assert names.connected == [PUBLIC]

    def test_the_next_address_is_asked_where_the_first_does_not_answer(self, site: Site, kept: Path) -> None:
        site.pages["/a.jpg"] = sent(jpeg())
        names = Names({"photos.example": [[PUBLIC, OTHER_PUBLIC]]})

        def connect(address: str, port: int, seconds: float) -> Any:
            if address == PUBLIC:
                names.connected.append(address)
                raise ConnectionRefusedError
            return names.connect(address, port, seconds)

        Web(kept, limits=SMALL, resolve=names.resolve, connect=connect).fetch(site.url("/a.jpg", "photos.example"))

        assert names.connected == [PUBLIC, OTHER_PUBLIC]

    @pytest.mark.parametrize(
        ("address", "own", "found"),
        [
            (PUBLIC, PUBLIC, "this machine's own"),
            ("2a00:1450:1:2::3", "2a00:1450:1:2::3", "this machine's own"),
            ("2a00:1450:1:2::99", "2a00:1450:1:2::3", "of this machine's network"),
            ("2a00:1450:1:3::99", "2a00:1450:1:2::3", None),
            (OTHER_PUBLIC, PUBLIC, None),
        ],
    )
    def test_a_public_address_of_our_own_is_not_asked(
        self, site: Site, kept: Path, address: str, own: str, found: str | None
    ) -> None:
        class Ours(socket.socket):
            def getsockname(self) -> tuple[str, int]:
                return own, 40000

        def connect(_: str, port: int, seconds: float) -> socket.socket:
            with socket.create_connection(("127.0.0.1", port), timeout=seconds) as plain:
                return Ours(fileno=plain.detach())

        site.pages["/a.jpg"] = sent(jpeg())
        web = Web(kept, limits=SMALL, resolve=lambda *_: [address], connect=connect)
        url = site.url("/a.jpg", "photos.example")

        if found is None:
            assert web.fetch(url).path.read_bytes() == jpeg()
            return
        with pytest.raises(WebError, match=rf"expected a public address, found {address} \({found}\)"):
            web.fetch(url)
        assert site.asked == []

    @pytest.mark.parametrize("host", ["2130706433", "0x7f000001", "017700000001", "127.1", "localhost"])
    def test_no_writing_of_loopback_gets_through(self, site: Site, kept: Path, host: str) -> None:
        with pytest.raises(WebError, match=r"expected a public address, found (127\.0\.0\.1|::1) \(loopback\)"):
            Web(kept, limits=SMALL).fetch(site.url("/a.jpg", host))

        assert site.asked == []

    def test_https_asks_for_a_certificate_of_that_name(self, site: Site, kept: Path) -> None:
        names = Names({"photos.example": [[PUBLIC]]})

        # The server speaks no TLS: what it is told first is a TLS greeting and never a request.
        with pytest.raises(WebError, match=r"cannot be fetched: .*SSL"):
            self.web(kept, names).fetch(site.url("/a.jpg", "photos.example").replace("http:", "https:"))

        assert site.asked == []


class TestPages:
    def visited(self, site: Site, kept: Path, path: str = "/p.html") -> Visited:
        web = Web(kept, limits=SMALL, allow_private=True)
        return visit(web, site.url(path), lambda one, most: picture_urls(one.path, one.final_url, one.charset, most))

    def test_every_picture_on_a_page_is_fetched(self, site: Site, kept: Path) -> None:
        site.pages["/p.html"] = sent(b"<img src=1.jpg><img src=x/2.jpg><img src=/3.jpg>", "text/html; charset=utf-8")
        site.pages |= {f"/{name}.jpg": sent(jpeg(seed)) for seed, name in enumerate(["1", "x/2", "3"])}

        found = self.visited(site, kept)

        assert [one.path.read_bytes() for one in found.pictures] == [jpeg(0), jpeg(1), jpeg(2)]

    def test_what_cannot_be_fetched_costs_only_itself(self, site: Site, kept: Path) -> None:
        site.pages["/p.html"] = sent(b"<img src=gone.jpg><img src=a.jpg><img src=text.jpg>", "text/html")
        site.pages |= {"/a.jpg": sent(jpeg()), "/text.jpg": sent(b"x", "text/plain")}

        found = self.visited(site, kept)

        assert [one.url for one in found.pictures] == [site.url("/a.jpg")]
        assert [one.url for one in found.failed] == [site.url("/gone.jpg"), site.url("/text.jpg")]

    def test_a_picture_in_the_page_itself_is_taken(self, site: Site, kept: Path) -> None:
        data = f"data:image/jpeg;base64,{base64.b64encode(jpeg()).decode()}"
        site.pages["/p.html"] = sent(f"<img src='{data}'>".encode(), "text/html")

        (found,) = self.visited(site, kept).pictures

        assert found.path.read_bytes() == jpeg()
        assert len(found.url) < 60

    def test_a_page_without_pictures_is_told(self, site: Site, kept: Path) -> None:
        site.pages["/p.html"] = sent(b"<p>nothing", "text/html")

        with pytest.raises(WebError, match="found a page without any"):
            self.visited(site, kept)

    def test_a_page_on_the_internet_cannot_have_the_network_at_home_asked(self, site: Site, kept: Path) -> None:
        with serving() as home:
            home.pages["/a.jpg"] = sent(jpeg())
            site.pages["/p.html"] = sent(f"<img src={home.url('/a.jpg')}>".encode(), "text/html")
            names = Names({"photos.example": [[PUBLIC]], "127.0.0.1": [["127.0.0.1"]]})
            web = Web(kept, limits=SMALL, resolve=names.resolve, connect=names.connect)

            found = visit(
                web,
                site.url("/p.html", "photos.example"),
                lambda one, most: picture_urls(one.path, one.final_url, one.charset, most),
            )

            assert (found.pictures, home.asked) == ((), [])
            assert "found 127.0.0.1 (loopback)" in found.failed[0].reason


def test_nothing_is_written_but_in_the_folder(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept, home = tmp_path / "kept", tmp_path / "home"
    for folder in (kept, home):
        folder.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("TMPDIR", str(home))
    monkeypatch.chdir(home)
    site.pages["/../../b.jpg"] = sent(jpeg(), Content_Disposition="attachment; filename=../../c.jpg")

    fetched(site, kept, "/../../b.jpg")

    assert [os.fspath(path.relative_to(tmp_path)) for path in sorted(tmp_path.rglob("*")) if path.is_file()] == [
        "kept/0.jpg"
    ]


def test_who_is_closed_waits_for_nobody(site: Site, kept: Path) -> None:
    asked = threading.Event()

    def hang(_: Any) -> None:
        asked.set()
        site.stopping.wait(60)

    site.pages["/a.jpg"] = hang
    web = Web(kept, limits=SMALL, allow_private=True)
    told: list[Exception] = []

    def fetch() -> None:
        try:
            web.fetch(site.url("/a.jpg"))
        except WebError as error:
            told.append(error)

    thread = threading.Thread(target=fetch)
    thread.start()
    assert asked.wait(60)
    web.close()
    thread.join(20)

    assert not thread.is_alive()
    assert len(told) == 1
