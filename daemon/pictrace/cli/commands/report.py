"""``pictrace report``: everything that was found, on one page to look through."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from pictrace.cli import options
from pictrace.cli.options import Common, require_index
from pictrace.cli.output import Output
from pictrace.cli.pictures import require_free, watched_folders, write_new
from pictrace.cli.progress import ScanProgress
from pictrace.cli.report_page import page
from pictrace.cli.show import counted, file_size
from pictrace.config import Config
from pictrace.errors import UsageError, shown
from pictrace.pipeline.moments import minute
from pictrace.pipeline.showing import thumbnails_of
from pictrace.pipeline.stars import Star, Stars

_MOST_GROUPS = 500


def report(  # noqa: PLR0913 – a command's options are its parameters
    folders: Annotated[
        list[Path] | None, typer.Argument(help="Only findings of files in these folders; all where left out.")
    ] = None,
    html: Annotated[
        Path | None, typer.Option("--html", metavar="FILE.html", help="Write the page into this new file.")
    ] = None,
    all_relations: Annotated[
        bool, typer.Option("--all-relations", help="Bursts and views of one scene as well.")
    ] = False,
    limit: Annotated[int, typer.Option("--limit", min=1, help="How many groups at most.")] = _MOST_GROUPS,
    config: options.ConfigOption = None,
    state: options.StateOption = None,
    json: options.JsonOption = False,
    quiet: options.QuietOption = False,
    verbose: options.VerboseOption = False,
    log_level: options.LogLevelOption = None,
) -> None:
    """Write one page with a small picture of each photo that something was found about, in groups.

    The page holds all it shows: it loads nothing, and needs no network. Nothing else is written.
    """
    common = Common(config=config, state=state, json=json, quiet=quiet, verbose=verbose, log_level=log_level)
    common.setup_log()
    if html is None:
        raise UsageError("expected a new file for the page: --html report.html")
    loaded = common.load()
    require_index(loaded.state)
    target = require_free(html, watched_folders(loaded), suffix=".html")
    tops = [folder.expanduser().absolute() for folder in folders or ()]
    stars = Stars(loaded, tops, all_relations=all_relations).gathered()
    content = _page(stars, limit, loaded, quiet=quiet).encode()
    write_new(target, content)
    _tell(Output(as_json=json), target, stars, limit, len(content))


def _page(stars: list[Star], limit: int, config: Config, *, quiet: bool) -> str:
    some = stars[:limit]
    with ScanProgress(quiet=quiet) as progress:
        pictures = thumbnails_of((path for star in some for path in star.paths()), config, progress.update)
    return page(some, pictures.get, left_out=len(stars) - len(some), made_at=minute(time.time()), all_groups=stars)


def _tell(output: Output, target: Path, stars: list[Star], limit: int, size_bytes: int) -> None:
    written = stars[:limit]
    left, photos = len(stars) - len(written), sum(star.photos for star in written)
    if output.as_json:
        told = {"event": "report", "file": str(target), "groups": len(stars), "shown": len(written)}
        output.json({**told, "photos": photos, "bytes": size_bytes})
        return
    more = f", {counted(left, 'more group')} left out: give a higher --limit" if left else ""
    what = f"{counted(len(written), 'group')} with {counted(photos, 'photo')}"
    output.line(f"{shown(target)}: {what}, {file_size(size_bytes)}{more}")
