"""The README's commands, word for word: .ci/run takes them from there and runs them in fresh environments."""

import re
from pathlib import Path

import pytest

from pictrace.cli.app import app
from pictrace.config import parse_yaml

REPOSITORY = Path(__file__).resolve().parents[2]
README = (REPOSITORY / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
RUN = "python3 -m venv .venv && .venv/bin/pip install . && .venv/bin/pictrace watch ~/Pictures"
DEMO = "python3 -m venv .venv && .venv/bin/pip install . && .venv/bin/pictrace demo"
TEST = "python3 -m venv .venv && .venv/bin/pip install -e '.[test]' && .venv/bin/pytest"


@pytest.mark.parametrize("command", [RUN, DEMO, TEST])
def test_a_command_stands_in_a_block_of_its_own(command: str) -> None:
    assert (("sh", f"{command}\n")) in BLOCKS


@pytest.mark.parametrize("mark", [".venv/bin/pictrace demo", ".venv/bin/pytest"])
def test_ci_takes_its_commands_from_the_readme(mark: str) -> None:
    script = (REPOSITORY / ".ci" / "run").read_text(encoding="utf-8")
    first = next(line for line in README.splitlines() if mark in line)

    assert f"readme_command '{mark}'" in script
    assert first in (DEMO, TEST)


def test_the_readme_opens_with_what_it_does() -> None:
    assert README.startswith("# PicTrace\n\nPicTrace ")


@pytest.mark.parametrize("page", ["README.md", *(f"docs/{path.name}" for path in (REPOSITORY / "docs").glob("*.md"))])
def test_every_link_to_a_file_leads_somewhere(page: str) -> None:
    file = REPOSITORY / page
    links = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", file.read_text(encoding="utf-8"))
    inner = [link for link in links if "://" not in link]

    assert [link for link in inner if not (file.parent / link).exists()] == []


@pytest.mark.parametrize("text", [text for kind, text in BLOCKS if kind == "yaml"])
def test_every_yaml_example_can_be_read(text: str) -> None:
    assert parse_yaml(text, file=Path("config.yaml"))


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "docs/install.md"])
def test_every_command_shown_exists(page: str) -> None:
    known = {command.name for command in app.registered_commands} | {group.name for group in app.registered_groups}
    text = (REPOSITORY / page).read_text(encoding="utf-8")
    shown = set(re.findall(r"^(?:\$ |.*/bin/)?pictrace ([a-z][a-z-]+)", text, re.MULTILINE))

    assert shown <= known
