"""The packages that PicTrace needs, by what the installed one says of itself: a second list would fall behind."""

from __future__ import annotations

import importlib.metadata
import re
from dataclasses import dataclass
from typing import Final

# A requirement starts with a name (https://packaging.python.org/en/latest/specifications/dependency-specifiers).
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_OF_AN_EXTRA: Final = re.compile(r"\bextra\s*==")


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """One that PicTrace cannot do without; ``requirement`` is what pip takes; ``version`` None: not installed."""

    name: str
    requirement: str
    version: str | None


def needed_packages(distribution: str = "pictrace") -> list[Package] | None:
    """Return all packages that an installed one requires, without its extras; None where it is not installed."""
    try:
        requirements = importlib.metadata.requires(distribution) or []
    except importlib.metadata.PackageNotFoundError:
        return None
    packages = []
    for requirement in requirements:
        what, _, condition = (part.strip() for part in requirement.partition(";"))
        name = _NAME.match(what)
        if name is not None and not _OF_AN_EXTRA.search(condition):
            packages.append(Package(name=name[0], requirement=what, version=version_of(name[0])))
    return packages


def version_of(name: str) -> str | None:
    """Return the version of an installed package, None where it is not installed."""
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None
