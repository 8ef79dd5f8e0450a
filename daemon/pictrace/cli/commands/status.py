"""``pictrace status``: what is known, what waits, what is wrong."""

from __future__ import annotations

import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pictrace.cli import options
from pictrace.cli.options import Common
from pictrace.cli.output import Output
from pictrace.cli.show import counted, file_size
from pictrace.errors import shown
from pictrace.model import ChangeState
from pictrace.pipeline.archives import ArchiveAway, archives_away
from pictrace.pipeline.events import ChangeEvent
from pictrace.pipeline.moments import moment
from pictrace.service.status import HELD_PLANS, read_status
from pictrace.store import Index, IndexStatus, Journal, Problem
from pictrace.store.brake import HeldByRule

# To a person; a program gets all of them.
_MOST_SHOWN = 20


def status(  # noqa: PLR0913 – a command's options are its parameters
    config: options.ConfigOption = None,
    state: options.StateOption = None,
    json: options.JsonOption = False,
    quiet: options.QuietOption = False,
    verbose: options.VerboseOption = False,
    log_level: options.LogLevelOption = None,
) -> None:
    """Say how many photos are known, what waits to settle, and every degraded state with its cause."""
    common = Common(config=config, state=state, json=json, quiet=quiet, verbose=verbose, log_level=log_level)
    common.setup_log()
    folder = common.load().state
    output = Output(as_json=json)
    running = read_status(folder)
    with Index.read(folder) as index, Journal.read(folder) as journal:
        known = index.status()
        unreadable = index.problems.listed()
        quarantined = len(journal.quarantined())
        held = journal.brake.by_rule()
        puzzling = journal.changes(state=ChangeState.NEEDS_ATTENTION)
        archives = archives_away(index)
    if json:
        told = _json(folder, known, running)
        told |= {
            "quarantined": quarantined,
            "held": [asdict(one) for one in held],
            "needs_attention": [ChangeEvent(change=change).to_json() for change in puzzling],
            "archives_away": [one.to_json() for one in archives],
            "unreadable": [{"file": str(one.path), "error": one.reason} for one in unreadable],
            "daemon": running,
        }
        output.json(told)
        return
    _print(output, known, running, quarantined=quarantined)
    _print_archives(output, archives)
    _print_held(output, held)
    for change in puzzling:
        output.line(f"  needs you       change {change.id}: {shown(change.source)}: {shown(change.error or '')}")
    _print_unreadable(output, unreadable)


def _json(folder: Path, known: IndexStatus, running: dict[str, Any] | None) -> dict[str, Any]:
    return {
        "event": "status",
        "state": str(folder),
        "running": running is not None,
        "photos": known.photos,
        "files": known.files,
        "undecodable": known.undecodable,
        "findings": known.findings,
        "fingerprinted": known.fingerprinted,
        "index_bytes": known.bytes_on_disk,
        "last_finding_at": known.last_finding_at,
    }


def _print_unreadable(output: Output, problems: list[Problem]) -> None:
    for problem in problems[:_MOST_SHOWN]:
        output.line(f"  unreadable      {shown(problem.path)}: {problem.reason}")
    left = len(problems) - _MOST_SHOWN
    if left > 0:
        output.line(f"                  and {left} more: `pictrace status --json` has all of them")


def _print_archives(output: Output, archives: list[ArchiveAway]) -> None:
    for one in archives:
        since = "" if one.away.since is None else f" since {_ago(one.away.since)}"
        output.line(f"archive           {shown(one.away.root)} is away{since}: {one.files} files")
        output.line(f"                  of your photos elsewhere, {one.copied} are on it, too")


def _print_held(output: Output, held: list[HeldByRule]) -> None:
    for one in held:
        words = f", {one.confirmed} of them confirmed" if one.confirmed else ""
        plans = counted(one.count, "plan")
        output.line(f"held              {plans} of '{shown(one.rule)}'{words}, since {_ago(one.since)}")
    if any(one.confirmed < one.count for one in held):
        output.line("                  more than the brake lets go in an hour: look at them with `pictrace confirm`")


def _print(output: Output, known: IndexStatus, running: dict[str, Any] | None, *, quarantined: int) -> None:
    findings = ", ".join(f"{count} {name}" for name, count in known.findings.items()) or "none"
    output.line(f"photos known      {known.photos} in {known.files} files, {known.undecodable} undecodable")
    output.line(f"fingerprinted     {known.fingerprinted} since the index was made")
    output.line(f"index             {file_size(known.bytes_on_disk)} on disk")
    output.line(f"findings          {findings}; last {_ago(known.last_finding_at)}")
    output.line(f"quarantine        {quarantined} files")
    if running is None:
        output.line("daemon            not running")
        return
    output.line(
        f"daemon            running (pid {running['pid']}), "
        f"{'acts' if running['act'] else 'says only what it would do'}; "
        f"{running['fingerprinted_this_run']} fingerprinted since its start"
    )
    output.line(f"in memory         {file_size(running['index_memory_bytes'])} for the candidate index")
    output.line(f"queued, pending   {running['queued']} queued, {running['pending']} waiting to settle")
    for root in running["roots"]:
        first = "" if root["is_indexed"] else ", first index not complete"
        output.line(
            f"root              {shown(root['path'])} ({root['role']}, {root['state']}{first}), {root['watched_by']}"
        )
    for pending in running["pending_files"]:
        overdue = ", keeps changing" if pending["is_overdue"] else ""
        output.line(f"  pending         {shown(pending['path'])}: {pending['waiting_seconds']:.0f} s{overdue}")
    # What the brake holds has its own lines, which are there without a daemon too.
    for trouble in (one for one in running["degraded"] if one["kind"] != HELD_PLANS):
        output.line(
            f"  degraded        {trouble['kind']} ×{trouble['count']}: {trouble['cause']}, "
            f"since {_ago(trouble['since'])}"
        )


def _ago(wall_seconds: float | None) -> str:
    if wall_seconds is None:
        return "never"
    seconds = max(0.0, time.time() - wall_seconds)
    return f"{moment(wall_seconds)} ({seconds:.0f} s ago)"
