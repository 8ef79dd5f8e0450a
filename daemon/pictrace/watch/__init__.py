"""Sees that something happened in a root: events as hints, scans as the truth."""

from pictrace.model.names import is_photo_name
from pictrace.watch.claims import Claim, managed_by, managed_in, marker_claim, quarantine_claim
from pictrace.watch.hints import Hint, Rescan
from pictrace.watch.ignore import IgnoreHit, IgnoreList
from pictrace.watch.limits import WatchMode, is_armed, watch_mode, watches_limit
from pictrace.watch.mounts import Mount, MountTable, mount_of
from pictrace.watch.neighbours import Neighbour, Program, neighbours_of
from pictrace.watch.observer import Observer, Problem
from pictrace.watch.roots import check_root, open_root, read_marker
from pictrace.watch.scanner import ScanProblem, scan, scan_names

__all__ = [
    "Claim",
    "Hint",
    "IgnoreHit",
    "IgnoreList",
    "Mount",
    "MountTable",
    "Neighbour",
    "Observer",
    "Problem",
    "Program",
    "Rescan",
    "ScanProblem",
    "WatchMode",
    "check_root",
    "is_armed",
    "is_photo_name",
    "managed_by",
    "managed_in",
    "marker_claim",
    "mount_of",
    "neighbours_of",
    "open_root",
    "quarantine_claim",
    "read_marker",
    "scan",
    "scan_names",
    "watch_mode",
    "watches_limit",
]
