"""What a URL names, and what is not fetched because of its words alone."""

from __future__ import annotations

import pytest

from pictrace.errors import WebError
from pictrace.web.targets import is_url, target_of


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("file:///etc/passwd", "expected http or https, found file"),
        ("ftp://photos.example/a.jpg", "expected http or https, found ftp"),
        ("gopher://photos.example/", "expected http or https, found gopher"),
        ("http://me:secret@photos.example/", "expected no user name or password"),
        ("http://photos.example@127.0.0.1/", "expected no user name or password"),
        ("http:///a.jpg", "expected a host, found none"),
        ("http://photos.example:22/", "expected port 80, 443, or 1024 and up, found 22"),
        ("http://photos.example:0/", "found 0"),
        ("http://photos.example:99999/", "expected a URL"),
        ("http://[::1/", "expected a URL"),
        ("http://photos.example/a b.jpg", "a space"),
        ("http://photos.example\\@127.0.0.1/", "a backslash"),
        ("http://photos.example/a\r\nHost: x", "cannot be printed"),
        (f"http://photos.example/{'a' * 5000}", "limit on a URL: 4096 characters, found 5022"),
    ],
)
def test_a_url_that_is_not_fetched_says_why(url: str, found: str) -> None:
    with pytest.raises(WebError) as told:
        target_of(url)

    assert found in str(told.value)


def test_a_url_is_taken_apart() -> None:
    target = target_of("https://Photos.Example/a/ü.jpg?x=1 2".replace(" ", "%20") + "#part")

    assert (target.scheme, target.host, target.port) == ("https", "photos.example", 443)
    assert target.request == "/a/%C3%BC.jpg?x=1%202"
    assert target.host_header == "photos.example"


def test_a_name_in_other_letters_is_asked_for_in_ascii() -> None:
    assert target_of("http://münchen.example/").host == "xn--mnchen-3ya.example"


def test_a_redirect_never_leaves_https() -> None:
    with pytest.raises(WebError, match=r"redirects from https to http://photos\.example/b\.jpg"):
        target_of("https://photos.example/a.jpg").redirected("http://photos.example/b.jpg")


def test_a_redirect_may_go_to_https() -> None:
    target = target_of("http://photos.example/a.jpg").redirected("https://other.example/b.jpg")

    assert (target.scheme, target.host) == ("https", "other.example")


@pytest.mark.parametrize("word", ["http://a/", "HTTPS://a/", "file:///etc/passwd", "gopher://a/"])
def test_a_word_with_a_scheme_is_a_url(word: str) -> None:
    assert is_url(word)


@pytest.mark.parametrize("word", ["a.jpg", "/tmp/a.jpg", "C:a.jpg", "./http:/a.jpg", "://a"])
def test_a_file_name_is_none(word: str) -> None:
    assert not is_url(word)
