import io
import logging
import os
import re
from pathlib import Path

import pytest

from pictrace.service.log import is_journal, setup


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


log = logging.getLogger("pictrace.test")


def test_a_pipe_gets_a_plain_line_with_time_and_level() -> None:
    stream = io.StringIO()
    setup("info", stream=stream, environ={})

    log.info("watching %s", "/photos")

    assert stream.getvalue().endswith("INFO watching /photos\n")
    assert "\x1b" not in stream.getvalue()


def test_a_terminal_gets_the_time_of_day_and_no_date() -> None:
    stream = Terminal()
    setup("info", stream=stream, environ={})

    log.warning("disk [bold]%s", "full")

    assert re.fullmatch(r"\d\d:\d\d:\d\d WARNING disk \[bold\]full\n", stream.getvalue())


@pytest.mark.parametrize("stream", [io.StringIO(), Terminal()])
def test_a_file_name_cannot_write_a_line_of_its_own(stream: io.StringIO) -> None:
    setup("info", stream=stream, environ={})

    log.error("unreadable: %s", "a.jpg\nERROR all photos lost\x1b[2J \udcff")

    assert stream.getvalue().count("\n") == 1
    assert stream.getvalue().endswith("unreadable: a.jpg\\nERROR all photos lost\\x1b[2J \\udcff\n")


def test_under_systemd_each_line_carries_its_priority(tmp_path: Path) -> None:
    with (tmp_path / "journal").open("w", encoding="utf-8") as stream:
        setup("debug", stream=stream, environ=journal_of(stream))
        log.debug("a")
        log.info("b")
        log.warning("c")
        log.error("d\ne")

    assert (tmp_path / "journal").read_text() == "<7>a\n<6>b\n<4>c\n<3>d\\ne\n"


def test_under_systemd_every_line_of_a_traceback_carries_the_priority(tmp_path: Path) -> None:
    with (tmp_path / "journal").open("w", encoding="utf-8") as stream:
        setup("info", stream=stream, environ=journal_of(stream))
        try:
            raise ValueError("bad\x1bname")
        except ValueError:
            log.exception("broken")

    lines = (tmp_path / "journal").read_text().splitlines()
    assert len(lines) > 3
    assert all(line.startswith("<3>") for line in lines)
    assert lines[-1] == r"<3>ValueError: bad\x1bname"


def test_an_inherited_journal_variable_does_not_mark_another_stream(tmp_path: Path) -> None:
    with (tmp_path / "a").open("w") as journal, (tmp_path / "b").open("w") as other:
        assert is_journal(journal, journal_of(journal))
        assert not is_journal(other, journal_of(journal))
        assert not is_journal(io.StringIO(), journal_of(journal))


def test_the_level_is_ours_and_others_speak_from_warnings_on() -> None:
    stream = io.StringIO()
    setup("debug", stream=stream, environ={})

    log.debug("ours")
    logging.getLogger("PIL.Image").info("chatter")
    logging.getLogger("watchdog").warning("overflow")

    assert "ours" in stream.getvalue()
    assert "chatter" not in stream.getvalue()
    assert "overflow" in stream.getvalue()


def test_setting_up_twice_writes_once() -> None:
    stream = io.StringIO()
    setup("info", stream=stream, environ={})
    setup("info", stream=stream, environ={})

    log.info("once")

    assert stream.getvalue().count("once") == 1


def journal_of(stream: io.TextIOWrapper) -> dict[str, str]:
    status = os.fstat(stream.fileno())
    return {"JOURNAL_STREAM": f"{status.st_dev}:{status.st_ino}"}
