"""What no ready-made set does, whatever is in it, and which names they know."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from pictrace.act import ACTIONS
from pictrace.config import load_config, ready_made_sets
from pictrace.config.yaml_reader import read_yaml
from pictrace.decide import compile_rules
from pictrace.decide.actions import is_moving
from pictrace.decide.globs import compile_globs
from pictrace.model import Certainty, Relation
from pictrace.shipped import shipped_path

MESSENGER_NAMES = [
    "IMG-20240131-WA0001.jpg",
    "IMG-20190330-WA0002(1).jpg",
    "WhatsApp Image 2024-01-31 at 12.34.56.jpeg",
    "WhatsApp Image 2024-10-01 at 10.06.47 AM (1).jpeg",
    "WhatsApp Bild 2025-08-01 um 12.52.12_f7fb5ee5.jpg",
    "Imagem do WhatsApp de 2024-06-04 à(s) 21.34.25_b6372282.jpg",
    "Imagen de WhatsApp 2025-06-16 a las 18.53.03_9228d340.jpg",
    "Immagine WhatsApp 2025-10-30 ore 15.44.02_7bd2ee06.jpg",
    "PHOTO-2026-07-02-15-15-31-1.jpg",
    "00000012-PHOTO-2023-04-05-10-11-12.jpg",
    "photo_2024-01-31_12-34-56.jpg",
    "photo_2024-01-31_12-34-56 (2).jpg",
    "photo_1@29-10-2021_09-30-00.jpg",
    "telegram-cloud-photo-size-2-5451721793086813257-y.jpg",
    "signal-2024-01-31-123456.jpg",
    "signal-2022-12-17-15-16-04-718-2.jpg",
    "signal-attachment-2020-05-07-144326_005.jpeg",
    "received_1185064586170879.jpeg",
    "FB_IMG_1600000000000.jpg",
    "11267034_709562962489093_938898794_n.jpg",
    "viber_image_2024-01-31_12-34-56-789.jpg",
    "viber_image_2019-11-12_15-42-26.jpg",
    "threema-20220909-125017145.jpg",
    "Snapchat-1440625774.jpg",
    "mmexport1646916709026.jpg",
    "微信图片_20191225093819.jpg",
    "KakaoTalk_20260901_145641111_02.png",
    "KakaoTalk_Photo_2024-03-17-19-20-21.jpeg",
    "LINE_ALBUM_1F_260227_4.jpg",
    "Skype_Picture_2024_12_27T12_12_04_319Z.jpeg",
    "Android/media/com.whatsapp/WhatsApp/Media/WhatsApp Images/Sent/IMG_1.jpg",
    "WhatsApp Business/Media/WhatsApp Business Images/a.jpg",
    "Telegram/Telegram Images/5.jpg",
    "Pictures/Telegram/IMG_20220403_110303_370.jpg",
    "Pictures/Signal/a.jpg",
    "viber/media/Viber Images/a.jpg",
    "Pictures/Messenger/a.jpg",
    "Pictures/WeiXin/a.jpg",
]
CONFLICT_NAMES = [
    "IMG_1.sync-conflict-20240131-123456-ABCDEFG.jpg",
    "IMG_1.sync-conflict-20170301-123456.jpg",
    "IMG_1 (conflicted copy 2024-01-31 123456).jpg",
    "IMG_1 (conflicted copy anna 2024-01-31 123456).jpg",
    "IMG_1 (case clash from 2026-10-03 101500).jpg",
    "IMG_1_conflict-20160131-123456.jpg",
    "IMG_1 (Anna's conflicted copy 2024-01-31).jpg",
    "IMG_1 (Rebekka Schneiders in Konflikt stehende Kopie 2017-01-18).jpg",
    "IMG_1 (Copie en conflit de Anna 2024-01-31).jpg",
    "IMG_1 (Copia en conflicto de Anna 2026-05-04).jpg",
    "IMG_1 (SFConflict anna@example.org 2015-01-01-12-00-00).jpg",
    "IMG_1.Conflict.jpg",
    "IMG_1.Conflict2.jpg",
    "IMG_1_Andy-PC_Jan-03-0901-2013_CaseConflict_1.jpg",
    "IMG_1 [conflicted].jpg",
    "IMG_1-laptop-safeBackup-0001.jpg",
]
EDITED_NAMES = [
    *(
        "IMG_1-edited.jpg",
        "IMG_1-edited(1).jpg",
        "IMG_1-bearbeitet.jpg",
        "IMG_1-modifié.jpg",
        "IMG_1-modifie\u0301.jpg",
    ),
    *("IMG_1-modificato.jpg", "IMG_1-ha editado.jpg", "IMG_1-editado.jpg", "IMG_1-bewerkt.jpg", "IMG_1-edytowane.jpg"),
    *("IMG_1-redigerad.jpg", "IMG_1-muokattu.jpg", "IMG_1-編集済み.jpg", "IMG_1-editat.jpg"),
]
SCREENSHOT_NAMES = [
    *("Screenshot_20240131-123456.png", "Screenshot_2024-01-31-12-34-56-789_com.app.jpg", "DCIM/Screenshots/1.png"),
    *("Screenshot 2024-03-05 at 10.11.12.png", "Screen Shot 2016-07-25 at 12.58.11.png"),
    *("Bildschirmfoto vom 2022-08-04 19-59-02.png", "Captura de pantalla 2024.png", "Capture d’écran 2024-01-31.png"),
    *("Schermafbeelding 2025-11-23 112443.png", "스크린샷 2024-03-19 090807.png", "スクリーンショット 2024-01-31.png"),
]
OTHER_NAMES = [
    *("IMG_20240131_123456.jpg", "PXL_20240131_123456789.jpg", "DSC_0001.JPG", "20240131_123456.jpg"),
    *("2023/IMG_0001.jpg", "Signal Hill/IMG_1.jpg", "my photo_2.jpg", "photo_2024.jpg", "received.jpg", "a_b_n.jpg"),
    *("conflict.jpg", "Conflicting views.jpg", "IMG_1 (1).jpg", "IMG_1 2.jpg", "IMG_1-LAPTOP.jpg", "edited.jpg"),
    *("Line/IMG_1.jpg", "wx_camera_1778063309104.jpg", "IMG-1.jpg", "screen.png"),
]


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, ...]:
    """Return the rules of all ready-made sets."""
    file = tmp_path_factory.mktemp("sets") / "config.yaml"
    file.write_text("version: 1\nrules:\n" + "".join(f"  - include: {name}\n" for name in ready_made_sets()))
    return compile_rules(load_config(file), ACTIONS).rules


def fits(name: str, rule: int, place: str, *, keys: tuple[str, ...] = ("duplicate", "path")) -> bool:
    """Return whether a photo at a place fits the globs of a rule of a ready-made set."""
    node = read_yaml(shipped_path(f"rules/{name}.yaml"), is_shipped=True)
    found = node.section("a rule file", ("version", "rules", "tests"))["rules"].items("rules")[rule].value["when"].value
    for key in keys:
        found = found.value[key].value
    return compile_globs(found)(place, Path("/photos") / place)


def test_no_set_acts_on_what_is_only_suspected(rules: tuple[Any, ...]) -> None:
    assert {rule.least_certainty for rule in rules} == {Certainty.VERIFIED}


def test_no_set_moves_what_is_somebodys_work(rules: tuple[Any, ...]) -> None:
    moving = [rule for rule in rules if any(map(is_moving, rule.steps))]

    assert {relation for rule in moving for relation in rule.relations} == {
        Relation.SAME_BYTES,
        Relation.SAME_PIXELS,
        Relation.RENDITION,
    }


@pytest.mark.parametrize("name", ready_made_sets())
def test_what_a_set_moves_is_chosen_by_a_policy_of_its_own(name: str) -> None:
    node = read_yaml(shipped_path(f"rules/{name}.yaml"), is_shipped=True)

    for rule in node.section("a rule file", ("version", "rules", "tests"))["rules"].items("rules"):
        keys = rule.section("a rule", ("name", "when", "keep", "do", "continue"))
        assert "quarantine" not in keys["do"].plain() or "keep" in keys


@pytest.mark.parametrize("name", ready_made_sets())
def test_the_lines_that_a_set_offers_compile(name: str, tmp_path: Path) -> None:
    text = shipped_path(f"rules/{name}.yaml").read_text()
    (tmp_path / "mine.yaml").write_text(re.sub(r"^( +)# - ", r"\1- ", text, flags=re.MULTILINE))
    file = tmp_path / "config.yaml"
    file.write_text("version: 1\nrules:\n  - include: mine.yaml\n")

    assert compile_rules(load_config(file), ACTIONS).rules


@pytest.mark.parametrize(
    ("name", "rule", "known"),
    [
        ("messenger-copies", 0, MESSENGER_NAMES),
        ("sync-conflicts", 0, CONFLICT_NAMES),
        ("sync-conflicts", 1, CONFLICT_NAMES),
        ("takeout", 2, EDITED_NAMES),
        ("screenshots-of-photos", 0, SCREENSHOT_NAMES),
    ],
)
def test_a_set_knows_the_names_that_programs_write_and_no_others(name: str, rule: int, known: list[str]) -> None:
    assert [place for place in known if not fits(name, rule, place)] == []
    assert [place for place in OTHER_NAMES if fits(name, rule, place)] == []


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("messenger-copies", MESSENGER_NAMES),
        ("sync-conflicts", CONFLICT_NAMES),
        ("screenshots-of-photos", SCREENSHOT_NAMES),
    ],
)
def test_what_stays_is_not_of_the_kind_that_goes(name: str, known: list[str]) -> None:
    stays = ("keeper", "not", "path")

    assert [place for place in known if not fits(name, 0, place, keys=stays)] == []
    assert [place for place in OTHER_NAMES if fits(name, 0, place, keys=stays)] == []
