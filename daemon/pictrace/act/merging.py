"""What goes from a duplicate to its keeper: what only the duplicate says. Nothing is ever said otherwise."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass
from typing import Any, Final

from pictrace.act.xmp_values import Wanted
from pictrace.imaging.keywords import levels
from pictrace.imaging.xmp import Xmp
from pictrace.model import METADATA_VERSION, Metadata

CARRIED: Final = ("keywords", "rating", "caption", "gps")
# About a hundred meters: two programs round one place differently.
_SAME_PLACE_DEGREES: Final = 0.001


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a photo says, in its file or in its sidecar; a rating of 0 is none, as programs mean it."""

    keywords: tuple[str, ...] = ()
    rating: int | None = None
    caption: str | None = None
    place: tuple[float, float] | None = None

    @classmethod
    def json_of(cls, metadata: Metadata | None) -> dict[str, Any] | None:  # Any: plain JSON values
        """Return what a file says, for the journal; None where that was not read."""
        if metadata is None or metadata.version < METADATA_VERSION:
            return None
        return asdict(
            cls(
                keywords=metadata.keywords,
                rating=metadata.rating or None,
                caption=metadata.caption,
                place=metadata.place,
            )
        )

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Said:  # Any: as above
        """Return what `json_of` wrote."""
        return cls(
            keywords=tuple(values["keywords"]),
            rating=values["rating"],
            caption=values["caption"],
            place=None if values["place"] is None else (values["place"][0], values["place"][1]),
        )

    def under(self, sidecar: Xmp | None) -> Said:
        """Return what file and sidecar say together; the sidecar was written later, so it goes before the file."""
        if sidecar is None:
            return self
        return Said(
            keywords=tuple(dict.fromkeys([*sidecar.keywords, *self.keywords])),
            rating=sidecar.rating or self.rating,
            caption=sidecar.caption or self.caption,
            place=sidecar.place or self.place,
        )


def carried(
    carry: Collection[str], theirs: Said, ours: Said, *, left_out: Collection[str]
) -> tuple[Wanted, dict[str, list[Any]]]:  # Any: of each kind that is carried
    """Return what the keeper's sidecar is to say, and where the two say different things: ours first, it stays.

    Args:
        carry: some of `CARRIED`.
        theirs: what the duplicate says.
        ours: what the keeper says.
        left_out: keywords that PicTrace gave the duplicate: they are about that file, not about the picture.
    """
    known = {*ours.keywords, *(name for keyword in ours.keywords for name in levels(keyword)), *left_out}
    keywords = tuple(keyword for keyword in theirs.keywords if keyword not in known) if "keywords" in carry else ()
    # A photo that was rejected is not the one that is kept.
    rating = theirs.rating if theirs.rating is not None and theirs.rating > 0 else None
    pairs = {
        "rating": (ours.rating, rating),
        "caption": (ours.caption, theirs.caption),
        "gps": (ours.place, theirs.place),
    }
    wanted = {name: their for name, (our, their) in pairs.items() if name in carry and our is None}
    differing = {
        name: [our, their]
        for name, (our, their) in pairs.items()
        if name in carry and our is not None and their is not None and not _is_same(our, their)
    }
    return (
        Wanted(
            keywords=keywords,
            rating=rating if "rating" in wanted else None,
            caption=theirs.caption if "caption" in wanted else None,
            place=theirs.place if "gps" in wanted else None,
        ),
        differing,
    )


def _is_same(our: object, their: object) -> bool:
    if isinstance(our, tuple) and isinstance(their, tuple):
        return all(abs(a - b) < _SAME_PLACE_DEGREES for a, b in zip(our, their, strict=True))
    return our == their
