"""``pictrace doctor``: is everything in place, and why is a file passed over."""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from pictrace import __version__
from pictrace.cli import exits, options
from pictrace.cli.method_table import BLIND_CUT
from pictrace.cli.neighbours import remarks_on
from pictrace.cli.options import Common
from pictrace.cli.output import Output
from pictrace.cli.packages import needed_packages, version_of
from pictrace.config import Config, find_config
from pictrace.decide import compile_rules
from pictrace.errors import ConfigError, PicTraceError, StoreError, shown
from pictrace.fingerprint import BARS, WorkerPool, try_all
from pictrace.fingerprint.trying import Tried
from pictrace.match.methods import MethodSettings, chosen
from pictrace.match.methods.cuts import can_tell, cuts_in_force, cuts_path
from pictrace.model import ChangeState
from pictrace.pipeline.acting import known_actions
from pictrace.pipeline.messages import make_senders
from pictrace.store import Index, Journal
from pictrace.watch import IgnoreList, is_photo_name, mount_of, watches_limit

_EXTRAS = {"jxl": "pillow-jxl-plugin", "raw": "rawpy"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing looked at; ``is_fine`` None: worth knowing, neither good nor bad."""

    name: str
    is_fine: bool | None
    found: str


def doctor(  # noqa: PLR0913 – a command's options are its parameters
    ignore: Annotated[
        Path | None, typer.Option("--ignore", metavar="PATH", help="Say which line of the ignore list hits PATH.")
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 2 when anything is wrong.")] = False,
    config: options.ConfigOption = None,
    state: options.StateOption = None,
    json: options.JsonOption = False,
    quiet: options.QuietOption = False,
    verbose: options.VerboseOption = False,
    log_level: options.LogLevelOption = None,
) -> None:
    """Check the installation, the config, the state folder, each root, and what a worker is kept from."""
    common = Common(config=config, state=state, json=json, quiet=quiet, verbose=verbose, log_level=log_level)
    common.setup_log()
    output = Output(as_json=json)
    loaded = common.load()
    if ignore is not None:
        checks = [_ignored(ignore.expanduser().absolute(), loaded)]
    else:
        found = find_config(config, os.environ)
        checks = [*_installation(), _config(loaded, found), *_messages(loaded), _state(loaded.state)]
        checks += [*_databases(loaded.state), *_cuts(loaded.state, verbose=verbose), *_roots(loaded), *_workers()]
    for check in checks:
        if json:
            output.json({"event": "check", "name": check.name, "ok": check.is_fine, "found": check.found})
        else:
            word = {True: "ok  ", False: "BAD ", None: "    "}[check.is_fine]
            output.line(f"{word} {check.name:<24} {shown(check.found)}")
    if strict and any(check.is_fine is False for check in checks):
        raise typer.Exit(exits.CANNOT)


def _installation() -> Iterator[Check]:
    yield Check(name="pictrace", is_fine=True, found=f"{__version__}, Python {sys.version.split()[0]}")
    yield Check(name="SQLite", is_fine=True, found=sqlite3.sqlite_version)
    needed = needed_packages()
    if needed is None:
        found = "not known which are needed: PicTrace runs from its source, without being installed"
        yield Check(name="packages", is_fine=None, found=found)
    for package in needed or ():
        found = package.version or f"missing: pip install '{package.requirement}'"
        yield Check(name=package.name, is_fine=package.version is not None, found=found)
    for extra, name in _EXTRAS.items():
        found = version_of(name) or f"not installed; pip install 'pictrace[{extra}]'"
        yield Check(name=name, is_fine=None, found=found)


def _config(loaded: Config, found: Path | None) -> Check:
    book = compile_rules(loaded, known_actions(loaded))
    where = "none found: the observe rules hold" if found is None else str(found)
    acts = "acts" if loaded.act else "says only what it would do"
    return Check(name="config", is_fine=True, found=f"{where}; {len(book.rules)} rules; {acts}")


def _messages(loaded: Config) -> Iterator[Check]:
    """Have the ways outside made ready, as `watch` would; nothing is sent."""
    if not (loaded.notify.desktop or loaded.notify.urls):
        return
    try:
        make_senders(loaded.notify)
    except ConfigError as problem:
        yield Check(name="messages", is_fine=False, found=str(problem))
        return
    ways = [*(["the desktop"] if loaded.notify.desktop else []), *(["addresses"] if loaded.notify.urls else [])]
    yield Check(name="messages", is_fine=True, found=f"go to {' and '.join(['the log', *ways])}")


def _state(folder: Path) -> Check:
    existing = next(path for path in (folder, *folder.parents) if path.exists())
    is_fine = os.access(existing, os.W_OK)
    mount = mount_of(existing)
    if mount.is_remote:
        return Check(
            name="state folder", is_fine=False, found=f"{folder} lies on {mount.filesystem}: SQLite needs a local disk"
        )
    return Check(name="state folder", is_fine=is_fine, found=f"{folder}{'' if is_fine else ' cannot be written'}")


def _databases(folder: Path) -> Iterator[Check]:
    """Open both databases beside whoever writes them, and look for damage."""
    for name, tell in (("index.db", _index), ("journal.db", _journal)):
        if not (folder / name).exists():
            yield Check(name=name, is_fine=None, found="not there yet: `pictrace scan` or `pictrace watch` makes it")
            continue
        try:
            yield tell(folder, name)
        except StoreError as problem:
            yield Check(name=name, is_fine=False, found=str(problem))


def _index(folder: Path, name: str) -> Check:
    with Index.read(folder) as index:
        index.check()
        status = index.status()
    return Check(name=name, is_fine=True, found=f"whole; {status.photos} photos in {status.files} files")


def _journal(folder: Path, name: str) -> Check:
    with Journal.read(folder) as journal:
        journal.check()
        waiting = journal.changes(state=ChangeState.NEEDS_ATTENTION)
        found = f"whole; {len(journal.quarantined())} photos in quarantine, {len(journal.open_changes())} changes open"
    if waiting:
        found += f", {len(waiting)} need a person: `pictrace log` names them"
    return Check(name=name, is_fine=not waiting, found=found)


def _cuts(folder: Path, *, verbose: bool) -> Iterator[Check]:
    """Say from where on other methods call two pictures alike, and where that was measured."""
    try:
        cuts = cuts_in_force(folder)
    except StoreError as problem:
        yield Check(name="cuts", is_fine=False, found=str(problem))
        return
    whose = f"your own, {shown(cuts_path(folder))}" if cuts_path(folder).is_file() else "those shipped"
    pairs = max((cut.pairs for cut in cuts.cuts), default=0)
    methods = len({cut.method for cut in cuts.cuts})
    found = f"{whose}: {cuts.source}; {cuts.made_on or 'no day'}, {methods} methods, {pairs} pairs"
    yield Check(name="cuts", is_fine=None, found=found)
    metrics = {(one.name, metric.name): metric for one in chosen(["all"], MethodSettings()) for metric in one.metrics}
    for cut in cuts.cuts if verbose else ():
        metric = metrics.get((cut.method, cut.metric))  # that of a network is not known here
        found = f"{cut.value:.5g}, which {cut.recall:.1%} of copies pass and none of {cut.pairs} pairs"
        if metric is not None and not can_tell(metric, cut.value):
            found = BLIND_CUT
        of = f"{cut.metric} {cut.about}".strip()
        yield Check(name=f"cut: {cut.method}", is_fine=None, found=f"{of}: {found}")


def _roots(loaded: Config) -> Iterator[Check]:
    limit = watches_limit()
    if limit is not None:
        yield Check(name="inotify watches", is_fine=None, found=f"at most {limit} folders for this user")
    if not loaded.roots:
        yield Check(name="roots", is_fine=None, found="none in the config: name folders on the command line")
    for root in loaded.roots:
        if not root.path.is_dir():
            yield Check(name="root", is_fine=False, found=f"{root.path} is no folder, or not mounted")
            continue
        mount = mount_of(root.path)
        how = "scanned every `rescan`" if mount.is_remote else "inotify"
        can_write = os.access(root.path, os.W_OK) and not mount.is_readonly
        yield Check(
            name="root",
            is_fine=can_write or not root.role.may_act,
            found=f"{root.path} ({root.role.value}) on {mount.filesystem}, {how}{'' if can_write else ', read-only'}",
        )
        hit = IgnoreList.load(loaded.ignore).hit_below(root.path, root.path, is_dir=True)
        if hit is not None:
            yield Check(name="root", is_fine=False, found=f"nothing in {root.path} is looked at: {hit}")
        for remark in remarks_on(root.path, may_act=root.role.may_act, quarantine=loaded.quarantine):
            yield Check(name=remark.about, is_fine=remark.is_fine, found=remark.words)


def _workers() -> Iterator[Check]:
    """Have a real worker try what none may do: what is told is what happened."""
    pool = WorkerPool(1)
    try:
        tried: list[Tried] = pool.submit(try_all).result()
        missing = pool.missing
    except PicTraceError as problem:
        yield Check(name="workers", is_fine=False, found=str(problem))
        return
    finally:
        pool.close()
    # What a kernel cannot do is no fault of the installation: it is said, and does not count as wrong.
    lacks = any(bar.needs_kernel for bar in BARS if bar.name in missing)
    for one in tried:
        is_fine = True if one.is_held else None if one.needs_kernel and lacks else False
        yield Check(name=f"worker: {one.name}", is_fine=is_fine, found=one.said)
    for bar in BARS:
        if bar.name in missing:
            is_fine = None if bar.needs_kernel else False
            yield Check(name=f"bar: {bar.name}", is_fine=is_fine, found=f"not enforced: {missing[bar.name]}")
        elif bar.needs_kernel:
            yield Check(name=f"bar: {bar.name}", is_fine=True, found=bar.keeps)


def _ignored(path: Path, loaded: Config) -> Check:
    """Say which line of the ignore list hits a path, looked at from the root that holds it."""
    roots = [root.path for root in loaded.roots if path.is_relative_to(root.path)]
    top = max(roots, key=lambda root: len(root.parts), default=Path(path.anchor))
    hit = IgnoreList.load(loaded.ignore).hit_below(top, path)
    if hit is not None:
        return Check(name="passed over", is_fine=None, found=f"{path}: {hit}")
    if not is_photo_name(path):
        return Check(name="passed over", is_fine=None, found=f"{path}: its name does not end like a picture's")
    return Check(name="looked at", is_fine=None, found=str(path))
