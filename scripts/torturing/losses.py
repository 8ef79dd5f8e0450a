"""What must hold after a kill and a recovery, and a sentence for each thing that does not."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

from torturing.house import CONTENTS, Counted, House, digest_of, mark_of

from pictrace.model import Change, ChangeKind, ChangeState
from pictrace.store import Journal

_ENDED = (ChangeState.DONE, ChangeState.ABORTED, ChangeState.UNDONE)


def faults(house: House, before: Counted) -> tuple[int, list[str]]:
    """Return how many photos are lost, and a sentence for each thing that is not as it must be after recovery."""
    with Journal.open(house.state) as journal:
        changes = journal.changes()
        purged = [change for change in changes if journal.is_purged(change.id)]
        held = {change.target for change in journal.quarantined()}
        made = Counter(change.content_hash.hex() for change in changes if _made_a_file(change, journal))
        trashed = {change.target for change in changes if _lies_in_trash(change)}
    purged_places = {change.target for change in purged}
    now = house.count()
    gone = Counter(change.content_hash.hex() for change in purged if not change.details.get("companion"))
    missing = Counter(one[0] for one in (before.photos - now.photos).elements())
    lost = missing - gone
    found = [f"lost: {digest[:12]}" for digest in lost.elements()]
    new = Counter(one[0] for one in (now.photos - before.photos).elements())
    found += [f"doubled or altered: {digest[:12]}" for digest in (new - made).elements()]
    if _digests(before) + made != _digests(now) + gone:
        found.append("what there is now is not what there was, with what was made and without what was purged")
    found += _trash_faults(house, trashed)
    found += [f"sidecar gone: {mark}" for mark in _missing_sidecars(before, now, gone)]
    open_rows = [one for one in changes if one.state not in _ENDED]
    found += [f"row not ended: {one.id} {one.kind} {one.state} {one.error}" for one in open_rows]
    for path in house.everything():
        if path.suffix == ".trashinfo":
            continue
        if path.suffix not in (*CONTENTS, ".xmp"):
            found.append(f"left over: {path}")
        elif _is_inside(house, path) and path not in held:
            found.append(f"without its row: {path}")
        elif not _is_beside_its_photo(path) and not {path.with_suffix(""), path.with_suffix(".jpg")} & purged_places:
            found.append(f"beside another photo or none: {path}")
    found += [f"row without its file: {path}" for path in held if path is not None and not path.exists()]
    return lost.total(), found


def _made_a_file(change: Change, journal: Journal) -> bool:
    """Return whether a change made one more file that is counted: a copy, or a twin whose old file is still there."""
    if change.kind is ChangeKind.COPY:
        return change.state is ChangeState.DONE and change.source.suffix in CONTENTS  # films are counted, sidecars not
    if not change.kind.is_link:
        return False
    # Where the twin was moved away meanwhile, the old file came home without it.
    stayed = any(one.state is ChangeState.DONE and not one.details["exchange"] for one in _undoings(change, journal))
    return change.state is ChangeState.DONE or (change.state is ChangeState.UNDONE and stayed)


def _undoings(change: Change, journal: Journal) -> list[Change]:
    return [replace(one, details={"exchange": False, **one.details}) for one in journal.undoings_of(change.id)]


def _lies_in_trash(change: Change) -> bool:
    return change.kind is ChangeKind.TRASH and change.state is ChangeState.DONE


def _digests(counted: Counted) -> Counter[str]:
    return Counter(one[0] for one in counted.photos.elements())


def _trash_faults(house: House, trashed: set[Path | None]) -> list[str]:
    """Return what is wrong in the trash: a file without its row or its note, or a note without its file."""
    files = {path for path in house.everything() if path.parent == house.trash / "files"}
    notes = {path.name for path in house.everything() if path.suffix == ".trashinfo"}
    found = [f"without its row in the trash, or the reverse: {path}" for path in files ^ trashed]
    wanted = {f"{path.name}.trashinfo" for path in files}
    return found + [f"without its note, or the reverse: {name}" for name in notes ^ wanted]


def journal_rows(house: House) -> list[tuple[int, str, str | None]]:
    """Return what stands in the journal: id, state, error."""
    with Journal.read(house.state) as journal:
        return [(change.id, change.state.value, change.error) for change in journal.changes()]


def _missing_sidecars(before: Counted, now: Counted, purged: Counter[str]) -> list[str]:
    """Return the marks of the sidecars that are gone though their photo was not purged."""
    return [mark for mark in (before.sidecars - now.sidecars).elements() if not purged[mark.split("-")[0]]]


def _is_inside(house: House, path: Path) -> bool:
    return ".pictrace" in path.parts or bool(house.quarantine and path.is_relative_to(house.quarantine))


def _is_beside_its_photo(path: Path) -> bool:
    """Return whether a companion lies beside the photo whose digest it names, or names none; a photo is none."""
    if path.suffix in (".mov", ".cr2"):
        digest = path.read_text().rpartition(" ")[2]
    elif path.suffix == ".xmp":
        digest = mark_of(path).split("-")[0]
        if mark_of(path).endswith("-3-of-the-stem") and path.with_suffix(".png").is_file():
            return True  # shared, so it stays with the one that stays
    else:
        return True
    photo = path.with_suffix("") if path.with_suffix("").suffix == ".jpg" else path.with_suffix(".jpg")
    return photo.is_file() and (not digest or digest == digest_of(photo))
