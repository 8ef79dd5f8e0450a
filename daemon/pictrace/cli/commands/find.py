"""``pictrace find``: which known photos are nearest to one picture, or to those on a page of the web."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Final

import typer

from pictrace.cli import options
from pictrace.cli.asked import Asked, Question, is_url, question_at
from pictrace.cli.find_page import find_page
from pictrace.cli.finding import Teller, answered
from pictrace.cli.options import Common, named_path, require_file, require_folders, require_index
from pictrace.cli.output import Output
from pictrace.cli.pictures import require_free, watched_folders, write_new
from pictrace.cli.progress import ScanProgress
from pictrace.cli.thumbnails import Artist, Way, way_of
from pictrace.config import Config
from pictrace.errors import WebError
from pictrace.match.methods import MethodSettings
from pictrace.match.methods.cuts import cuts_in_force
from pictrace.pipeline.ranking import Ranking
from pictrace.pipeline.search import Search, Wanted

# The name of PicTrace's own matcher.
_OWN: Final = "pictrace"
# Of 94,556 pairs of unrelated photographs 0.16 % are so near by their hash; 36 % are at 20 %, the word of the seeds.
_LEAST_PERCENT: Final = 50.0


_Image = Annotated[
    str, typer.Argument(metavar="IMAGE|URL", help="A picture, known or not, or the URL of one or of a page.")
]
_Top = Annotated[int, typer.Option("--top", min=1, max=100, help="How many rows at most.")]
_Folder = Annotated[
    Path | None,
    typer.Option("--in", metavar="FOLDER", help="Look among the pictures there; needs no index and makes none."),
]
_Least = Annotated[float, typer.Option("--min", min=0, max=100, metavar="PERCENT", help="Leave out leads below.")]
_Method = Annotated[
    str | None,
    typer.Option(
        "--method",
        metavar="NAME",
        help="Rank by another method, which has to read every photo: 0.05 to 1 s each. See docs/methods.md.",
    ),
]
_Html = Annotated[
    Path | None, typer.Option("--html", metavar="FILE.html", help="Write a page with the pictures, a new file.")
]
_Thumbnails = Annotated[
    bool | None,
    typer.Option("--thumbnails/--no-thumbnails", help="Show small pictures; where the terminal can, if left out."),
]
_Private = Annotated[bool, typer.Option("--allow-private", help="Fetch from this machine and its network, too.")]


def find(  # noqa: PLR0913 – a command's options are its parameters
    image: _Image,
    top: _Top = 5,
    folder: _Folder = None,
    least_percent: _Least = _LEAST_PERCENT,
    method: _Method = None,
    size: options.SeedSizeOption = None,
    network: options.NetworkOption = None,
    html: _Html = None,
    thumbnails: _Thumbnails = None,
    allow_private: _Private = False,
    config: options.ConfigOption = None,
    state: options.StateOption = None,
    json: options.JsonOption = False,
    quiet: options.QuietOption = False,
    verbose: options.VerboseOption = False,
    log_level: options.LogLevelOption = None,
) -> None:
    """List the known photos nearest to IMAGE, one row a content, each with its relation.

    A row that says lead only looks alike. Of a page, every picture on it is looked for, the largest first.
    """
    common = Common(config=config, state=state, json=json, quiet=quiet, verbose=verbose, log_level=log_level)
    common.setup_log()
    loaded, output = common.load(), Output(as_json=json)
    if folder is None:
        require_index(loaded.state)
    wanted = _wanted(folder, top, least_percent, _ranking(method, size, network, loaded))
    target = None if html is None else _free(html, loaded, wanted)
    with Search(loaded, wanted) as search, _asked(image, search, allow_private=allow_private) as question:
        with ScanProgress(quiet=quiet or not wanted.is_long) as bar:
            found = answered(search, question, bar.update)
        artist = Artist(_way(thumbnails, output), search.pool.submit, output.console)
        Teller(output, artist, is_quiet=quiet).tell(question, found)
        if target is not None:
            write_new(target, find_page(found, search.pool.submit).encode())
    if not found.blocks:
        raise WebError(image, f"none of its {len(found.failed)} pictures can be looked at")


def _wanted(folder: Path | None, top: int, least_percent: float, ranking: Ranking | None) -> Wanted:
    """Return what is to be looked among, which has to be there."""
    if folder is not None:
        require_folders([folder])
    where = None if folder is None else named_path(folder)
    return Wanted(folder=where, ranking=ranking, top=top, least_percent=least_percent)


def _ranking(method: str | None, size: str | None, network: Path | None, config: Config) -> Ranking | None:
    """Return how photos are ranked by a method, which has to be known; None for PicTrace's own matcher."""
    if method in (None, _OWN):
        return None
    settings = MethodSettings(seed_side_pixels=options.seed_side_of(size), network=options.network_of(network, config))
    ranking = Ranking(method=method, settings=settings, cuts=cuts_in_force(config.state))
    ranking.require_known()
    return ranking


def _free(file: Path, config: Config, wanted: Wanted) -> Path:
    """Return where a page is to be written; never among watched photos, nor over anything."""
    watched = watched_folders(config) if wanted.folder is None else [root.path for root in config.roots]
    return require_free(file, watched, suffix=".html")


def _way(thumbnails: bool | None, output: Output) -> Way:
    """Return how to show small pictures: not in JSON; asked for, they come as blocks where nothing better is known."""
    if output.as_json or thumbnails is False:
        return Way.NONE
    way = way_of(os.environ, is_terminal=output.console.is_terminal)
    may_color = output.console.is_terminal and output.console.color_system is not None and not output.console.no_color
    return Way.BLOCKS if thumbnails and way is Way.NONE and may_color else way


@contextmanager
def _asked(image: str, search: Search, *, allow_private: bool) -> Iterator[Question]:
    if is_url(image):
        with question_at(image, search.pool, allow_private=allow_private) as question:
            yield question
    else:
        path = require_file(Path(image))
        yield Question(pictures=(Asked(name=os.fspath(path), path=path),))
