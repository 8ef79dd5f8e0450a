"""Has the roots looked through, and takes in what was seen there."""

from __future__ import annotations

import logging
import queue
from dataclasses import dataclass, field
from typing import Final

from pictrace.errors import shown
from pictrace.model import Clock, RootInfo
from pictrace.pipeline.engine import Engine
from pictrace.pipeline.reconcile import Reconciler, ScanEnded, Seen
from pictrace.service.troubles import Troubles
from pictrace.settle import Settler
from pictrace.watch import Observer

log = logging.getLogger(__name__)

# Results taken up before the pipeline gets its turn again.
_MOST_AT_ONCE: Final = 2_000


@dataclass(slots=True, kw_only=True)
class Scans:
    """What lies between the reconciler, which looks through roots in threads of its own, and the daemon's one loop."""

    engine: Engine
    settler: Settler
    observer: Observer
    reconciler: Reconciler
    troubles: Troubles
    clock: Clock
    # Roots whose first scan is complete, and waits for what it saw to be known; and roots that lost events.
    _first: set[str] = field(default_factory=set)
    _lossy: set[str] = field(default_factory=set)

    def request(self, root: RootInfo) -> None:
        """Have a root looked through."""
        self.reconciler.request(root, self.engine.library.nested_in(root))

    def request_all(self) -> None:
        """Have every root looked through."""
        for root in self.engine.library.roots:
            self.request(root)

    def make_good(self, identity: str, cause: str) -> None:
        """Have a root looked through because events were lost."""
        root = self.engine.library.root(identity)
        if root is not None:
            log.warning("%s: looking through it again: %s", shown(root.path), cause)
            self._lossy.add(identity)
            self.request(root)

    def take_results(self) -> None:
        """Take in what was seen since, so much of it that the caller's other work goes on."""
        for _ in range(_MOST_AT_ONCE):
            try:
                result = self.reconciler.results.get_nowait()
            except queue.Empty:
                return
            if isinstance(result, ScanEnded):
                self._take_end(result)
            else:
                self._take_seen(result)

    def finish_first_index(self) -> None:
        """Call a root indexed once everything its first scan saw is known; files that never settle do not count."""
        if not self._first or len(self.engine.scheduler):
            return
        if any(not pending.is_overdue for pending in self.settler.pending(self.clock.monotonic())):
            return
        for root in self.engine.library.roots:
            if root.identity in self._first:
                self.engine.library.set_indexed(root)
                log.info("%s: first index complete, %d photos known", shown(root.path), len(self.engine.judge))
        self._first.clear()

    def _take_seen(self, seen: Seen) -> None:
        row = self.engine.index.files.file_at(seen.path)
        if row is None or row.key != seen.key:
            self.settler.note(seen.path, seen.key, self.clock.monotonic())

    def _take_end(self, ended: ScanEnded) -> None:
        for problem in ended.problems:
            log.warning("%s", problem)
        root, files = self.engine.library.root(ended.root), self.engine.index.files
        self.troubles.unseen[ended.root] = ended.problems
        if ended.is_complete and root is not None:
            gone = files.note_scan(root.identity, missed=ended.missed, found=ended.found, now=self.clock.wall())
            for file in gone:
                self.engine.judge_again(file.content_hash)
            self.engine.index.problems.clear_names(root.identity, ended.gone)
            if not root.is_indexed:
                self._first.add(root.identity)
            self.engine.prune()
            self._call_good(root)
        self.engine.responder.review_held()

    def _call_good(self, root: RootInfo) -> None:
        """Call lost events made good once every root that lost some was looked through."""
        self._lossy.discard(root.identity)
        if not self._lossy:
            self.observer.forget_losses()
