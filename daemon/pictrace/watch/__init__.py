"""Sees that something happened in a root: events as hints, scans as the truth."""

from pictrace.model.names import is_photo_name
from pictrace.watch.hints import Hint, Rescan
from pictrace.watch.ignore import IgnoreHit, IgnoreList
from pictrace.watch.limits import WatchMode, is_armed, watch_mode, watches_limit
from pictrace.watch.mounts import Mount, MountTable, mount_of
from pictrace.watch.observer import Observer, Problem
from pictrace.watch.roots import check_root, open_root, read_marker
from pictrace.watch.scanner import ScanProblem, scan, scan_names

__all__ = [
    "Hint",
    "IgnoreHit",
    "IgnoreList",
    "Mount",
    "MountTable",
    "Observer",
    "Problem",
    "Rescan",
    "ScanProblem",
    "WatchMode",
    "check_root",
    "is_armed",
    "is_photo_name",
    "mount_of",
    "open_root",
    "read_marker",
    "scan",
    "scan_names",
    "watch_mode",
    "watches_limit",
]
