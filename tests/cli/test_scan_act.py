"""``pictrace scan --act``: how often it does what a rule wants."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


@pytest.mark.timeout(120)
def test_a_rule_that_only_tags_is_done_once_and_the_scan_ends(
    pictrace: Callable[..., Any], photo: Callable[..., Path], tmp_path: Path
) -> None:
    library = tmp_path / "library"
    photo("a.jpg", folder=library)
    shutil.copyfile(library / "a.jpg", library / "b.jpg")
    config = tmp_path / "config.yaml"
    config.write_text(
        f"version: 1\nroots:\n  - path: {json.dumps(str(library))}\n"
        "rules:\n  - name: copies\n    when: {relation: same-bytes}\n    do: [{tag: pictrace/copy}]\n"
    )
    config.chmod(0o600)

    ran = pictrace("scan", "--act", "--yes", "--json", "--config", config)

    told = [json.loads(line) for line in ran.out.splitlines()]
    assert ran.code == 0
    assert [one["kind"] for one in told if one["event"] == "change"] == ["tag"]
    assert told[-1]["changes"] == 1
