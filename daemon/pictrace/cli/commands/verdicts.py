"""``pictrace not-duplicate``, ``same-burst``, ``keep-both`` and ``verdicts``: what you decided, kept by content."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Annotated, Any

import typer

from pictrace.cli import exits, options
from pictrace.cli.options import Common, named_path, require_file
from pictrace.cli.output import Output
from pictrace.cli.pictures import write_new
from pictrace.cli.show import counted
from pictrace.errors import UsageError, shown
from pictrace.model import Verdict, Word
from pictrace.pipeline.objections import said
from pictrace.pipeline.verdicts import as_text, from_text, photo_of, verdicts_on
from pictrace.store import Index, Journal

app = typer.Typer(help="What you decided about photos: list it, write it to a text file, take it from one.")

FilesArgument = Annotated[list[Path], typer.Argument(help="Two photos or more; it holds for every two of them.")]
ForgetOption = Annotated[bool, typer.Option("--forget", help="Take this word back.")]


def not_duplicate(  # noqa: PLR0913 – a command's options are its parameters
    files: FilesArgument,
    forget: ForgetOption = False,
    config: options.ConfigOption = None,
    state: options.StateOption = None,
    json: options.JsonOption = False,
    quiet: options.QuietOption = False,
    verbose: options.VerboseOption = False,
    log_level: options.LogLevelOption = None,
) -> None:
    """Say that FILES are no duplicates of each other: the finding is neither reported nor acted on any more."""
    common = Common(config=config, state=state, json=json, quiet=quiet, verbose=verbose, log_level=log_level)
    _say(common, Word.NOT_DUPLICATE, files, forget=forget)


def same_burst(  # noqa: PLR0913 – a command's options are its parameters
    files: FilesArgument,
    forget: ForgetOption = False,
    config: options.ConfigOption = None,
    state: options.StateOption = None,
    json: options.JsonOption = False,
    quiet: options.QuietOption = False,
    verbose: options.VerboseOption = False,
    log_level: options.LogLevelOption = None,
) -> None:
    """Say that FILES are exposures of one moment: a finding between them counts as the relation `burst`."""
    common = Common(config=config, state=state, json=json, quiet=quiet, verbose=verbose, log_level=log_level)
    _say(common, Word.SAME_BURST, files, forget=forget)


def keep_both(  # noqa: PLR0913 – a command's options are its parameters
    files: FilesArgument,
    forget: ForgetOption = False,
    config: options.ConfigOption = None,
    state: options.StateOption = None,
    json: options.JsonOption = False,
    quiet: options.QuietOption = False,
    verbose: options.VerboseOption = False,
    log_level: options.LogLevelOption = None,
) -> None:
    """Say that all of FILES are to stay as they are: the finding is reported, and never acted on."""
    common = Common(config=config, state=state, json=json, quiet=quiet, verbose=verbose, log_level=log_level)
    _say(common, Word.KEEP_BOTH, files, forget=forget)


def _say(common: Common, word: Word, files: list[Path], *, forget: bool) -> None:
    common.setup_log()
    if len(files) < 2:
        raise UsageError(f"expected two photos or more, found {len(files)}")
    folder, output = common.load().state, Output(as_json=common.json)
    paths = [named_path(path) for path in files]
    with Index.read(folder) as index, Journal.read(folder) as journal:
        photos = [(path, photo_of(index, journal, path)) for path in paths]
    verdicts = verdicts_on(word, photos, now=time.time())
    with Journal.open(folder) as journal:
        if forget:
            verdicts = [one for one in verdicts if journal.verdicts.forget(one)]
        else:
            journal.verdicts.put(verdicts)
    for one in verdicts:
        _tell(output, one, (one.first_name, one.second_name), is_forgotten=forget)
    if forget and not verdicts:
        output.line(f"nothing forgotten: `{word}` was not said of these")
        raise typer.Exit(exits.CANNOT)


@app.callback(invoke_without_command=True)
def list_by_default(  # noqa: PLR0913 – a command's options are its parameters
    context: typer.Context,
    config: options.ConfigOption = None,
    state: options.StateOption = None,
    json: options.JsonOption = False,
    quiet: options.QuietOption = False,
    verbose: options.VerboseOption = False,
    log_level: options.LogLevelOption = None,
) -> None:
    """List what you decided, the oldest first, by the names the photos have now where they are known."""
    if context.invoked_subcommand is None:
        common = Common(config=config, state=state, json=json, quiet=quiet, verbose=verbose, log_level=log_level)
        _list(common)


@app.command("list")
def list_(  # noqa: PLR0913 – a command's options are its parameters
    config: options.ConfigOption = None,
    state: options.StateOption = None,
    json: options.JsonOption = False,
    quiet: options.QuietOption = False,
    verbose: options.VerboseOption = False,
    log_level: options.LogLevelOption = None,
) -> None:
    """List what you decided, as `pictrace verdicts` alone does."""
    _list(Common(config=config, state=state, json=json, quiet=quiet, verbose=verbose, log_level=log_level))


def _list(common: Common) -> None:
    common.setup_log()
    folder, output = common.load().state, Output(as_json=common.json)
    with Index.read(folder) as index, Journal.read(folder) as journal:
        for one in journal.verdicts.listed():
            names = [_name(index, one.first_hash) or one.first_name, _name(index, one.second_hash) or one.second_name]
            _tell(output, one, (names[0], names[1]))


@app.command("export")
def export(  # noqa: PLR0913 – a command's options are its parameters
    file: Annotated[Path | None, typer.Argument(help="A new text file; printed where left out.")] = None,
    config: options.ConfigOption = None,
    state: options.StateOption = None,
    json: options.JsonOption = False,
    quiet: options.QuietOption = False,
    verbose: options.VerboseOption = False,
    log_level: options.LogLevelOption = None,
) -> None:
    """Write what you decided as text, a line for each: to be read, kept in git, and taken in elsewhere."""
    common = Common(config=config, state=state, json=json, quiet=quiet, verbose=verbose, log_level=log_level)
    common.setup_log()
    output = Output(as_json=json)
    with Journal.read(common.load().state) as journal:
        verdicts = journal.verdicts.listed()
    text = "".join(as_text(verdicts))
    if file is None:
        sys.stdout.write(text)
        return
    write_new(file.expanduser(), text.encode())
    output.line(f"{counted(len(verdicts), 'verdict')} written to {shown(file)}")


@app.command("import")
def import_(  # noqa: PLR0913 – a command's options are its parameters
    file: Annotated[Path, typer.Argument(help="What `pictrace verdicts export` wrote.")],
    config: options.ConfigOption = None,
    state: options.StateOption = None,
    json: options.JsonOption = False,
    quiet: options.QuietOption = False,
    verbose: options.VerboseOption = False,
    log_level: options.LogLevelOption = None,
) -> None:
    """Take in what was written as text; of two words on the same photos the later one holds. All of it or nothing."""
    common = Common(config=config, state=state, json=json, quiet=quiet, verbose=verbose, log_level=log_level)
    common.setup_log()
    folder, output = common.load().state, Output(as_json=json)
    try:
        with require_file(file, wanted="a file of verdicts").open(encoding="utf-8") as lines:
            verdicts = list(from_text(lines, file))
    except (OSError, UnicodeDecodeError) as problem:
        raise UsageError(f"{shown(file)}: expected a text file, found: {problem}") from problem
    with Journal.open(folder) as journal:
        known = [journal.verdicts.of_pair(one.first_hash, one.second_hash) for one in verdicts]
        # A file tells seconds.
        new = [
            one
            for one, before in zip(verdicts, known, strict=True)
            if before is None or int(before.made_at) < int(one.made_at)
        ]
        journal.verdicts.put(new)
    if json:
        output.json({"event": "verdicts", "taken": len(new), "passed_over": len(verdicts) - len(new)})
    output.line(f"{counted(len(new), 'verdict')} taken in, {len(verdicts) - len(new)} known already")


def _name(index: Index, content_hash: bytes) -> str | None:
    """Return where a content is now, None where it is not known."""
    files = index.files.files_of(content_hash)
    return str(files[0].path) if files else None


def _tell(output: Output, verdict: Verdict, names: tuple[str, str], *, is_forgotten: bool = False) -> None:
    if output.as_json:
        told: dict[str, Any] = {  # Any: JSON values
            "event": "verdict",
            "word": verdict.word.value,
            "at": verdict.made_at,
            "files": list(names),
            "hashes": [verdict.first_hash.hex(), verdict.second_hash.hex()],
            "forgotten": is_forgotten,
        }
        output.json(told)
    else:
        words = "forgotten" if is_forgotten else said(verdict)
        output.line(f"{verdict.word:<14} {shown(names[0])}  and  {shown(names[1])}  ({words})")
