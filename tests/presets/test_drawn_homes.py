"""Ready-made sets on small trees of drawn pictures: what each puts away, and what it leaves alone and why."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pictrace.shipped import shipped_path

from .conftest import Outcome  # type: ignore[import-not-found]
from .making import (  # type: ignore[import-not-found]
    Tree,
    camera,
    cropped,
    drawn,
    next_exposure,
    rated,
    recolored,
    screenshot,
    scribbled,
    sent,
    text,
    turned,
    with_keyword,
    without_metadata,
)

Live = Callable[[Tree, str], Outcome]

# In every tree, and left alone by every set that moves: another exposure, somebody's work, somebody else's photo.
BYSTANDERS: Tree = {
    "Photos/Walk/IMG_0101.jpg": camera(drawn(90), at="15:00:01"),
    "Photos/Walk/IMG_0102.jpg": camera(next_exposure(drawn(90)), at="15:00:02"),
    "Photos/Walk/IMG_0101_warm.jpg": recolored(drawn(90)),
    "Photos/Walk/IMG-20240105-WA0007.jpg": sent(drawn(91)),
}


def config(name: str, *, inbox: bool = False, archive: bool = False) -> str:
    """Return a config with one ready-made set."""
    roots = "  - path: HOME/Photos\n"
    roots += "  - {path: HOME/Inbox, role: inbox}\n" if inbox else ""
    roots += "  - {path: HOME/Archive, role: archive}\n" if archive else ""
    return f"version: 1\nworkers: 1\nroots:\n{roots}rules:\n  - include: {name}\n"


def put_away(*paths: str) -> dict[str, str]:
    return {path: f"quarantine/{Path(path).name}" for path in paths}


def test_messenger_copies_put_away_what_came_back_smaller_or_stripped(live: Live) -> None:
    tree = BYSTANDERS | {
        "Photos/2023/IMG_1.jpg": camera(drawn(1)),
        "Photos/Saved/IMG-20240131-WA0001.jpg": sent(drawn(1)),
        "Photos/2023/IMG_2.jpg": camera(drawn(2)),
        "Photos/Saved/signal-2024-01-31-123456.jpg": sent(drawn(2), longest=480, quality=95),
        "Photos/2023/IMG_3.jpg": camera(drawn(3)),
        "Photos/Telegram/IMG_3.jpg": without_metadata(camera(drawn(3))),
    }

    outcome = live(tree, config("messenger-copies"))

    assert outcome.moved == put_away(
        "Photos/Saved/IMG-20240131-WA0001.jpg",
        "Photos/Saved/signal-2024-01-31-123456.jpg",
        "Photos/Telegram/IMG_3.jpg",
    )
    assert outcome.undone == tree


def test_messenger_copies_carry_over_what_only_the_smaller_copy_says(live: Live) -> None:
    tree = BYSTANDERS | {
        "Photos/2023/IMG_1.jpg": without_metadata(camera(drawn(1))),
        "Photos/Saved/IMG-20240131-WA0001.jpg": with_keyword(sent(drawn(1)), "beach"),
    }

    outcome = live(tree, config("messenger-copies"))

    assert outcome.moved == put_away("Photos/Saved/IMG-20240131-WA0001.jpg")
    assert outcome.tags == {"Photos/2023/IMG_1.jpg": ["beach"]}
    assert outcome.undone == tree


def test_messenger_copies_leave_what_is_larger_drawn_on_or_has_no_original(live: Live) -> None:
    tree = BYSTANDERS | {
        "Photos/2023/small.jpg": sent(drawn(1), longest=320),
        "Photos/Saved/IMG-20240131-WA0001.jpg": sent(drawn(1), longest=480, quality=80),
        "Photos/2023/IMG_2.jpg": camera(drawn(2)),
        "Photos/Saved/IMG-20240131-WA0002.jpg": scribbled(drawn(2)),
        "Photos/Saved/photo_2024-01-31_12-34-56.jpg": sent(drawn(3), longest=440),
        "Photos/WhatsApp Images/IMG-20240131-WA0003.jpg": sent(drawn(3)),
    }

    outcome = live(tree, config("messenger-copies"))

    assert outcome.moved == {}
    assert outcome.undone == tree


def test_takeout_keeps_albums_and_originals_and_puts_away_what_is_there_twice(live: Live) -> None:
    year, album = "Photos/Takeout/Google Fotos/Fotos von 2023", "Photos/Takeout/Google Fotos"
    tree = BYSTANDERS | {
        f"{year}/IMG_1.jpg": camera(drawn(1)),
        f"{album}/Sommer 2023/IMG_1.jpg": camera(drawn(1)),
        f"{album}/Familie/IMG_1.jpg": camera(drawn(1)).later(1),
        f"{year}/IMG_2.jpg": camera(drawn(2)),
        f"{year}/IMG_2(1).jpg": camera(drawn(2)),
        f"{year}/IMG_3.jpg": camera(drawn(3)),
        f"{year}/IMG_3(1).jpg": camera(drawn(4)),
        f"{year}/IMG_3-bearbeitet.jpg": recolored(drawn(3)),
        "Photos/2023/IMG_5.jpg": camera(drawn(5)),
        f"{year}/IMG_5.jpg": sent(drawn(5)),
    }

    outcome = live(tree, config("takeout"))

    assert outcome.moved == put_away(f"{year}/IMG_1.jpg", f"{year}/IMG_2(1).jpg", f"{year}/IMG_5.jpg")
    assert outcome.tags == {f"{year}/IMG_3-bearbeitet.jpg": ["pictrace/edited-in-google-photos"]}
    assert outcome.undone == tree


def test_sync_conflicts_put_away_what_is_equal_and_mark_what_differs(live: Live) -> None:
    tree = BYSTANDERS | {
        "Photos/IMG_1.jpg": camera(drawn(1)).later(),
        "Photos/IMG_1.sync-conflict-20240131-123456-ABCDEFG.jpg": camera(drawn(1)),
        "Photos/IMG_2.jpg": rated(camera(drawn(2)), 4),
        "Photos/IMG_2 (conflicted copy 2024-01-31 123456).jpg": camera(drawn(2)),
        "Photos/IMG_3.jpg": camera(drawn(3)),
        "Photos/IMG_3_conflict-20240131-123456.jpg": rated(camera(drawn(3)), 4),
        "Photos/IMG_4.jpg": camera(drawn(4)),
        "Photos/IMG_4 (Anna's conflicted copy 2024-01-31).jpg": cropped(drawn(4)),
        "Photos/IMG_4.jpg.sync-conflict-20240131-123456-ABCDEFG.xmp": text("<a/>"),
        "Photos/IMG_5.sync-conflict-20240131-123456-ABCDEFG.jpg": camera(drawn(5)),
        "Photos/IMG_5.sync-conflict-20240131-123456-HIJKLMN.jpg": camera(drawn(5)),
    }

    outcome = live(tree, config("sync-conflicts"))

    assert outcome.moved == put_away(
        "Photos/IMG_1.sync-conflict-20240131-123456-ABCDEFG.jpg",
        "Photos/IMG_2 (conflicted copy 2024-01-31 123456).jpg",
    )
    assert outcome.tags == {
        "Photos/IMG_3_conflict-20240131-123456.jpg": ["pictrace/sync-conflict"],
        "Photos/IMG_4 (Anna's conflicted copy 2024-01-31).jpg": ["pictrace/sync-conflict"],
    }
    assert outcome.undone == tree


def test_inbox_gate_lets_only_new_photos_through(live: Live) -> None:
    tree = BYSTANDERS | {
        "Photos/IMG_1.jpg": camera(drawn(1)),
        "Inbox/again.jpg": camera(drawn(1)).later(),
        "Photos/IMG_2.jpg": camera(drawn(2)),
        "Inbox/turned.jpg": turned(drawn(2)),
        "Inbox/new.jpg": camera(drawn(3)),
        "Inbox/new too.jpg": camera(drawn(3)).later(),
        "Inbox/worked on.jpg": recolored(drawn(1)),
        "Photos/small.jpg": sent(drawn(4)),
        "Inbox/better.jpg": camera(drawn(4)),
        "Archive/IMG_5.jpg": camera(drawn(5)),
        "Inbox/archived.jpg": camera(drawn(5)).later(),
    }

    outcome = live(tree, config("inbox-gate", inbox=True, archive=True))

    assert outcome.moved == put_away("Inbox/again.jpg", "Inbox/turned.jpg", "Inbox/new too.jpg")
    assert ("inbox gate, better than the library's", "better.jpg", ["notify"]) in outcome.plans
    assert outcome.undone == tree


SCREENSHOTS = BYSTANDERS | {
    "Photos/IMG_1.jpg": camera(drawn(1)),
    "Photos/Screenshots/Screenshot_20240131-123456.png": screenshot(drawn(1)),
    "Photos/Screenshots/Screenshot_20240201-123456.png": screenshot(drawn(2)),
    "Photos/IMG_1 cut.jpg": cropped(drawn(1)),
}


def test_screenshots_of_photos_marks_those_that_show_a_photo_of_the_library(live: Live) -> None:
    outcome = live(SCREENSHOTS, config("screenshots-of-photos"))

    assert outcome.moved == {}
    assert outcome.tags == {"Photos/Screenshots/Screenshot_20240131-123456.png": ["pictrace/screenshot-of-photo"]}
    assert outcome.undone == SCREENSHOTS


def test_screenshots_of_photos_moves_them_where_that_is_switched_on(live: Live, tmp_path: Path) -> None:
    switched_on = shipped_path("rules/screenshots-of-photos.yaml").read_text().replace("# - move:", "- move:")
    (tmp_path / "mine.yaml").write_text(switched_on)

    outcome = live(SCREENSHOTS, config("mine.yaml"))

    name = "Screenshot_20240131-123456.png"
    assert outcome.moved == {f"Photos/Screenshots/{name}": f"Photos/Screenshots of photos/{name}"}
    assert outcome.undone == SCREENSHOTS


def test_burst_tagging_marks_the_exposures_of_one_moment(live: Live) -> None:
    outcome = live(BYSTANDERS, config("burst-tagging"))

    assert outcome.moved == {}
    assert outcome.tags == {f"Photos/Walk/IMG_010{number}.jpg": ["pictrace/burst"] for number in (1, 2)}
    assert outcome.undone == BYSTANDERS


def test_archive_check_says_what_the_archive_has(live: Live) -> None:
    tree = BYSTANDERS | {
        "Photos/IMG_1.jpg": camera(drawn(1)),
        "Archive/2023/IMG_1.jpg": camera(drawn(1)).later(),
        "Photos/small.jpg": sent(drawn(2)),
        "Archive/2023/IMG_2.jpg": camera(drawn(2)),
        "Photos/IMG_3.jpg": camera(drawn(3)),
        "Archive/2023/small.jpg": sent(drawn(3)),
        "Photos/IMG_4.jpg": recolored(drawn(4)),
        "Archive/2023/IMG_4.jpg": camera(drawn(4)),
    }

    outcome = live(tree, config("archive-check", archive=True))

    assert outcome.moved == {}
    assert outcome.tags == {
        "Photos/IMG_1.jpg": ["pictrace/in-archive"],
        "Photos/small.jpg": ["pictrace/in-archive"],
        "Photos/IMG_3.jpg": ["pictrace/better-than-archive"],
    }
    assert outcome.undone == tree


@pytest.mark.parametrize("name", ["exact-copies", "quarantine-renditions"])
def test_equal_and_smaller_copies_go_with_their_sidecars_and_nothing_else_does(live: Live, name: str) -> None:
    tree = BYSTANDERS | {
        "Photos/IMG_1.jpg": camera(drawn(1)),
        "Photos/IMG_1 (1).jpg": camera(drawn(1)).later(),
        "Photos/IMG_1 (1).jpg.xmp": text("<a/>"),
        "Photos/IMG_2.jpg": camera(drawn(2)),
        "Photos/IMG_2 small.jpg": sent(drawn(2)),
        "Photos/IMG_2 small.jpg.xmp": text("<b/>"),
        "Photos/IMG_2 cut.jpg": cropped(drawn(2)),
    }
    photo = {"exact-copies": "Photos/IMG_1 (1).jpg", "quarantine-renditions": "Photos/IMG_2 small.jpg"}[name]

    outcome = live(tree, config(name))

    assert outcome.moved == put_away(photo, f"{photo}.xmp")
    assert outcome.undone == tree
