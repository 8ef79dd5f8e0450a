"""The only place that alters a watched folder. Nothing here ever overwrites."""

from pictrace.act.changes.copying import copy_whole
from pictrace.act.changes.folders import make_folder, open_folder, remove_empty, sync_folder
from pictrace.act.changes.marker import write_marker
from pictrace.act.changes.renaming import exchange_files, move_file, rename_noreplace
from pictrace.act.changes.sharing import clone_twin, link_twin
from pictrace.act.changes.swapping import SavedError, digest_of, end_swap
from pictrace.act.changes.writing import (
    Look,
    append_line,
    remove_named,
    remove_quarantined,
    replace_file,
    write_note,
)

__all__ = [
    "Look",
    "SavedError",
    "append_line",
    "clone_twin",
    "copy_whole",
    "digest_of",
    "end_swap",
    "exchange_files",
    "link_twin",
    "make_folder",
    "move_file",
    "open_folder",
    "remove_empty",
    "remove_named",
    "remove_quarantined",
    "rename_noreplace",
    "replace_file",
    "sync_folder",
    "write_marker",
    "write_note",
]
