"""Archives that are away: what of the library lies on them, too."""

from __future__ import annotations

from dataclasses import dataclass

from pictrace.model import Role
from pictrace.pipeline.events import Away, Json, json_path
from pictrace.pipeline.library import Library
from pictrace.store import Index


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveAway:
    """An archive that is away; ``files``: how many it holds, ``copied``: how many photos elsewhere it holds, too."""

    away: Away
    files: int
    copied: int

    def to_json(self) -> Json:
        """Return what `status` says of it."""
        return {
            "root": json_path(self.away.root),
            "since": self.away.since,
            "files": self.files,
            "copied": self.copied,
        }


def archives_away(index: Index) -> list[ArchiveAway]:
    """Return the archives that are known and away now."""
    library = Library.known(index)
    roots = [root for root in index.roots.roots() if root.role is Role.ARCHIVE and library.is_away(root)]
    return [
        ArchiveAway(
            away=Away(root=root.path, since=index.roots.away_since(root.identity)),
            files=index.files.count(root.identity),
            copied=index.count_also_in(root.identity),
        )
        for root in roots
    ]
