"""Over https, the certificate has to be that of the host's name, though its address is asked."""

from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from pictrace.errors import WebError
from pictrace.web.fetching import Web

from .conftest import Names, Site, jpeg, sent, serving  # type: ignore[import-not-found]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return a certificate for photos.example, signed by itself, and its key."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("no openssl here to make a certificate with")
    folder = tmp_path_factory.mktemp("tls")
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    words = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
    words += ["-subj", "/CN=photos.example", "-addext", "subjectAltName=DNS:photos.example"]
    subprocess.run([openssl, *words, "-out", certificate, "-keyout", key], check=True, capture_output=True)
    return certificate, key


@pytest.fixture
def site(certificate: tuple[Path, Path]) -> Iterator[Site]:
    """Return a server that speaks TLS with that certificate."""
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(*certificate)
    with serving(tls) as found:
        found.pages["/a.jpg"] = sent(jpeg())
        yield found


def fetch(site: Site, kept: Path, host: str) -> bytes:
    names = Names({host: [["93.184.216.34"]]})
    web = Web(kept, resolve=names.resolve, connect=names.connect)
    found: bytes = web.fetch(f"https://{host}:{site.port}/a.jpg").path.read_bytes()
    return found


def test_the_certificate_of_the_name_is_taken(
    site: Site, kept: Path, certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))

    assert fetch(site, kept, "photos.example") == jpeg()


def test_the_certificate_of_another_name_is_not(
    site: Site, kept: Path, certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))

    with pytest.raises(WebError, match=r"certificate is not valid for 'other\.example'"):
        fetch(site, kept, "other.example")

    assert site.asked == []


def test_a_certificate_that_nobody_vouches_for_is_not(site: Site, kept: Path) -> None:
    with pytest.raises(WebError, match=r"certificate verify failed: self.signed certificate"):
        fetch(site, kept, "photos.example")

    assert site.asked == []


def test_who_is_closed_waits_for_no_greeting(kept: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        web = Web(kept, allow_private=True)
        told: list[Exception] = []

        def fetch() -> None:
            try:
                web.fetch(f"https://127.0.0.1:{silent.getsockname()[1]}/a.jpg")
            except WebError as error:
                told.append(error)

        thread = threading.Thread(target=fetch)
        thread.start()
        connection, _ = silent.accept()
        with connection:
            assert connection.recv(1) == b"\x16"  # it greets, and waits for an answer
            web.close()
            thread.join(10)

            assert not thread.is_alive()
    assert len(told) == 1
