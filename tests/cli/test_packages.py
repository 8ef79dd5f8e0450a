"""What an installed package says that it requires."""

from __future__ import annotations

from pictrace.cli.packages import needed_packages


def test_what_is_not_installed_requires_nothing_that_is_known() -> None:
    assert needed_packages("no-such-package") is None
