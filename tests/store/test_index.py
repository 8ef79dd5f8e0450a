from __future__ import annotations

from pathlib import Path

from pictrace.model import Certainty, FileState, Match, PhotoState, Relation
from pictrace.store import Index, IndexStatus, Pruned

DAY = 86400.0


def test_an_empty_index_says_so(tmp_path: Path) -> None:
    with Index.read(tmp_path) as index:
        status = index.status()

    assert status == IndexStatus(
        photos=0, files=0, undecodable=0, findings={}, bytes_on_disk=0, last_finding_at=None, fingerprinted=0
    )
    assert list(tmp_path.iterdir()) == []


def test_the_status_counts_what_is_there(index: Index, values, put, tmp_path: Path) -> None:
    for name in (b"h1", b"h2"):
        index.photos.put_photo(values.photo(name))
        index.count_fingerprinted()
    index.photos.put_photo(
        values.photo(b"h3", state=PhotoState.UNDECODABLE, reason="r", metadata=None, fingerprint=None)
    )
    put("a.jpg", b"h1", key=values.key(1))
    put("b.jpg", b"h1", key=values.key(2), first_seen=1234.0)
    put("hard link to b.jpg", b"h1", key=values.key(2))
    put("c.jpg", b"h2", key=values.key(3))
    put("broken.jpg", b"h3", key=values.key(4))
    index.files.mark(put("gone.jpg", b"h4").path, FileState.MISSING)
    index.findings.put_finding(
        b"h2", b"h1", Match(relation=Relation.RENDITION, certainty=Certainty.VERIFIED, similarity=0.9)
    )

    with Index.read(tmp_path) as beside:
        status = beside.status()

    assert (status.photos, status.files, status.undecodable) == (3, 5, 1)
    assert status.findings == {"same-bytes": 1, "rendition": 1}
    assert status.last_finding_at == 1234.0
    assert status.fingerprinted == 2
    assert status.bytes_on_disk > 10_000


def test_the_counter_of_this_run_begins_anew(index: Index, tmp_path: Path) -> None:
    index.count_fingerprinted()
    assert index.fingerprinted_this_run == 1
    index.close()

    with Index.open(tmp_path) as again:
        assert again.fingerprinted_this_run == 0
        assert again.status().fingerprinted == 1


def test_a_batch_is_seen_by_others_at_its_end(index: Index, put, tmp_path: Path) -> None:
    with Index.read(tmp_path) as beside:
        with index.batch():
            put("a.jpg")
            assert beside.status().files == 0
        assert beside.status().files == 1


def test_prune_forgets_what_is_gone_for_thirty_days(index: Index, values, put, look_through) -> None:
    photo_id = index.photos.put_photo(values.photo(b"h1"))
    kept_id = index.photos.put_photo(values.photo(b"h2"))
    gone = put("gone.jpg", b"h1")
    kept = put("kept.jpg", b"h2")
    index.findings.put_finding(
        b"h2", b"h1", Match(relation=Relation.BURST, certainty=Certainty.VERIFIED, similarity=0.9)
    )
    for now in (0.0, DAY):
        look_through(index, {kept.path}, now=now)

    told = [index.prune(day * DAY) for day in (29, 31, 60, 62)]

    nothing = Pruned(files=0, photo_ids=())
    assert told == [nothing, Pruned(files=1, photo_ids=()), nothing, Pruned(files=0, photo_ids=(photo_id,))]
    assert index.files.file_at(gone.path) is None
    assert [row[0] for row in index.entries.all(1)] == [kept_id]
    assert list(index.findings.findings()) == []


def test_a_photo_that_is_held_again_in_time_is_not_pruned(index: Index, values, put) -> None:
    index.photos.put_photo(values.photo(b"h1"))
    index.prune(0.0)

    put("back.jpg", b"h1")
    told = [index.prune(day * DAY) for day in (20, 50)]

    assert [pruned.photo_ids for pruned in told] == [(), ()]
