"""``pictrace bench seeds``, ``groups``, ``euclid`` and ``symmetry``: the methods of others beside PicTrace's own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pictrace.bench import plots
from pictrace.bench.copies import groups_in, originals_in
from pictrace.bench.euclid import REPEATS, timings
from pictrace.bench.groups import accuracies
from pictrace.bench.running import Wanted, wanted
from pictrace.bench.seeds import seeds as scores_of_seeds
from pictrace.bench.symmetry import Steadiness, steadiness
from pictrace.cli import exits, measuring, options
from pictrace.cli.bench_tables import groups_sheet, number_words, seeds_sheet
from pictrace.cli.options import Common, require_folders
from pictrace.errors import UsageError, shown
from pictrace.match.methods import MethodSettings

_LIMIT, _PAIRS, _RUNS = 50, 500, 3


def seeds(  # noqa: PLR0913 – a command's options are its parameters
    folder: Annotated[Path, typer.Argument(help="Photos, all different; what was made of one of them is left out.")],
    methods: measuring.MethodNamesOption = None,
    limit: measuring.LimitOption = _LIMIT,
    size: options.SeedSizeOption = None,
    network: options.NetworkOption = None,
    markdown: measuring.MarkdownOption = False,
    out: measuring.OutOption = None,
    plot: measuring.PlotOption = None,
    config: options.ConfigOption = None,
    state: options.StateOption = None,
    json: options.JsonOption = False,
    quiet: options.QuietOption = False,
    verbose: options.VerboseOption = False,
    log_level: options.LogLevelOption = None,
) -> None:
    """Say which copies each method finds where it takes no two different photos for one.

    Copies are made in 29 ways, in a temporary folder. The cut of a method is the most alike value of two different
    photos, so that it has no false positive; PicTrace's own answer needs none.
    """
    common = Common(config=config, state=state, json=json, quiet=quiet, verbose=verbose, log_level=log_level)
    what = _wanted(common, methods, _settings(common, size, network), plot)
    require_folders([folder])
    told = measuring.told(common, markdown=markdown, out=out, plot=plot)
    with measuring.measuring(quiet=quiet) as tell:
        came = scores_of_seeds(originals_in(folder.expanduser()), what, limit=limit, tell=tell)
    counts = f"{came.photos} photos, {came.copies} copies. Recall in percent at zero false positives."
    told.tell([row.to_json() for row in came.rows], [seeds_sheet(came)], [f"{measuring.heading()} {counts}"])
    if plot is not None:
        told.draw(plots.of_seeds(came))


def groups(  # noqa: PLR0913 – see above
    folders: Annotated[list[Path], typer.Argument(help="Each with groups of pictures: subfolders, or a groups.csv.")],
    methods: measuring.MethodNamesOption = None,
    size: options.SeedSizeOption = None,
    network: options.NetworkOption = None,
    markdown: measuring.MarkdownOption = False,
    out: measuring.OutOption = None,
    plot: measuring.PlotOption = None,
    config: options.ConfigOption = None,
    state: options.StateOption = None,
    json: options.JsonOption = False,
    quiet: options.QuietOption = False,
    verbose: options.VerboseOption = False,
    log_level: options.LogLevelOption = None,
) -> None:
    """Say how well each method finds the other pictures of a scene, copies or not, and what a pair costs.

    The first picture of each group is asked about, all others of the folder are candidates; of the nearest as many
    count as the group has others.
    """
    common = Common(config=config, state=state, json=json, quiet=quiet, verbose=verbose, log_level=log_level)
    what = _wanted(common, methods, _settings(common, size, network), plot, ranks=True)
    require_folders(folders)
    told = measuring.told(common, markdown=markdown, out=out, plot=plot)
    came = []
    with measuring.measuring(quiet=quiet) as tell:
        for folder in folders:
            found = groups_in(folder.expanduser())
            if not found:
                raise UsageError(f"{shown(folder)}: expected groups of pictures, in subfolders or a groups.csv")
            came.append(accuracies(folder, found, what, tell))
    counts = [f"{one.folder.name}: {one.groups} groups, {one.pictures} pictures." for one in came]
    notes = [" ".join([measuring.heading(), *counts, "True neighbors among the nearest, in percent."])]
    told.tell([one.to_json() for one in came], [groups_sheet(came)], notes)
    if plot is not None:
        told.draw(plots.of_groups(came))


def euclid(  # noqa: PLR0913 – see above
    repeats: Annotated[int, typer.Option("--repeats", min=1, help="Distances with each library.")] = REPEATS,
    config: options.ConfigOption = None,
    state: options.StateOption = None,
    json: options.JsonOption = False,
    quiet: options.QuietOption = False,
    verbose: options.VerboseOption = False,
    log_level: options.LogLevelOption = None,
) -> None:
    """Say what a Euclidean distance of two pictures costs with scipy, and what with numpy."""
    common = Common(config=config, state=state, json=json, quiet=quiet, verbose=verbose, log_level=log_level)
    common.setup_log()
    came = timings(repeats)
    notes = [f"{measuring.heading()} 256 × 256 pixels, RGB, float32, {repeats} times."]
    notes += [f"{one.library}: {one.mean_milliseconds:.4f} ms, median {one.median_milliseconds:.4f}" for one in came]
    measuring.told(common).tell([one.to_json() for one in came], [], notes)


def symmetry(  # noqa: PLR0913 – see above
    folder: Annotated[Path, typer.Argument(help="Photos, all different; what was made of one of them is left out.")],
    pairs: Annotated[int, typer.Option("--pairs", min=2, help="Half of them copies with their originals.")] = _PAIRS,
    repeat: Annotated[int, typer.Option("--repeat", min=1, help="Runs, each in workers of its own.")] = _RUNS,
    methods: measuring.MethodNamesOption = None,
    size: options.SeedSizeOption = None,
    network: options.NetworkOption = None,
    out: measuring.OutOption = None,
    config: options.ConfigOption = None,
    state: options.StateOption = None,
    json: options.JsonOption = False,
    quiet: options.QuietOption = False,
    verbose: options.VerboseOption = False,
    log_level: options.LogLevelOption = None,
) -> None:
    """Say by how much two orders of a pair differ, and two runs: not at all, but for what is kept for the record.

    The exit code is 1 where PicTrace, or a method that is no record, differs at all.
    """
    common = Common(config=config, state=state, json=json, quiet=quiet, verbose=verbose, log_level=log_level)
    what = _wanted(common, methods, _settings(common, size, network), None)
    require_folders([folder])
    told = measuring.told(common, out=out)
    with measuring.measuring(quiet=quiet) as tell:
        photos = originals_in(folder.expanduser())
        came = steadiness(photos, what, pairs=pairs, runs=repeat, tell=tell)
    steady = [one for one in came if not one.is_record_only]
    asymmetry = max((one.asymmetry for one in steady), default=0.0)
    drift = max((one.drift for one in steady), default=0.0)
    counts = f"{pairs} pairs in both orders, {repeat} runs."
    lines = [f"{measuring.heading()} {counts}", *map(_steady_words, came)]
    summary = f"max asymmetry {asymmetry:g}, max drift {drift:g}"
    told.tell([one.to_json() for one in came], [], [*lines, summary])
    if asymmetry or drift:
        raise typer.Exit(exits.NO)


def _steady_words(one: Steadiness) -> str:
    words = f"{one.method}: asymmetry {number_words(one.asymmetry)}, drift {number_words(one.drift)}"
    return f"{words}, for the record only" if one.is_record_only else words


def _wanted(
    common: Common, methods: list[str] | None, settings: MethodSettings, plot: Path | None, *, ranks: bool = False
) -> Wanted:
    """Return what to measure with; what cannot be done is told before any work."""
    common.setup_log()
    if plot is not None:
        plots.require_matplotlib()
    return wanted(options.words_of(methods or ["all"]), settings, ranks=ranks)


def _settings(common: Common, size: str | None, network: Path | None) -> MethodSettings:
    known = options.network_of(network, common.load())
    return MethodSettings(seed_side_pixels=options.seed_side_of(size), network=known)
