"""Globs for paths and names: ``*``, ``?``, ``[…]``, ``{a,b}``, and ``**`` for any number of folders."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from pathlib import Path

from wcmatch import fnmatch, glob

from pictrace.config import Located

_PATH_FLAGS = glob.GLOBSTAR | glob.BRACE | glob.DOTGLOB | glob.IGNORECASE | glob.FORCEUNIX
_NAME_FLAGS = fnmatch.BRACE | fnmatch.IGNORECASE | fnmatch.DOTMATCH | fnmatch.FORCEUNIX
TagTest = Callable[[tuple[str, ...]], bool]
_MOST_CHARACTERS = 500
_MOST_ALTERNATIVES = 200  # wcmatch makes a pattern of each, and refuses more than a thousand
# Each tries every place of those after it: against 40 folders, 5 of them took 0.3 s, 6 took 1.6 s, and 8 took 38 s.
_MOST_FOLDER_STARS = 3
_MOST_LEVELS = 20  # of a keyword; what lies deeper is not looked at
_BRACES = re.compile(r"\{([^{}]*)\}")


def compile_globs(node: Located) -> Callable[[str, Path], bool]:
    """Return a test of a path below its root, and of the whole path for globs that begin with ``/`` or ``~``."""
    texts = [_text(entry) for entry in node.one_or_more('a glob such as "**/WhatsApp*/**"')]
    below = _expressions([text for text in texts if not text.startswith(("/", "~"))])
    whole = _expressions([_expanded(text) for text in texts if text.startswith(("/", "~"))])

    def fits(relative: str, path: Path) -> bool:
        return any(one.fullmatch(relative) for one in below) or any(one.fullmatch(path.as_posix()) for one in whole)

    return fits


def compile_names(node: Located) -> Callable[[str], bool]:
    """Return a test of a name, whatever its case."""
    texts = [_text(entry) for entry in node.one_or_more('a name such as "Canon*"')]
    return lambda name: bool(fnmatch.fnmatch(name, texts, flags=_NAME_FLAGS))


def compile_tag(node: Located) -> TagTest:
    """Return a test of a photo's keywords: whether one of them, or a level above it, fits a glob."""
    text = _text(node, "a tag").strip("/")
    if not text:
        raise node.expected("a tag such as pictrace/copy")

    expressions = _expressions([text])

    def fits(tags: tuple[str, ...]) -> bool:
        return any(one.fullmatch(level) for one in expressions for tag in tags for level in _levels(tag))

    return fits


def compile_tags(node: Located) -> tuple[TagTest, ...]:
    """Return a test for each of one or more globs."""
    return tuple(compile_tag(entry) for entry in node.one_or_more("one or more tags"))


def _levels(tag: str) -> list[str]:
    """Return a keyword and all it lies under: ``a``, ``a/b`` and ``a/b/c``."""
    parts = [part for part in tag.split("/") if part][:_MOST_LEVELS]
    return ["/".join(parts[:count]) for count in range(1, len(parts) + 1)]


def _expressions(globs: list[str]) -> list[re.Pattern[str]]:
    """Return globs as regular expressions: to expand their braces for each path takes most of a rule's time."""
    return [re.compile(one) for one in glob.translate(globs, flags=_PATH_FLAGS)[0]] if globs else []


def _text(entry: Located, wanted: str = "a glob") -> str:
    text = entry.text(wanted)
    if len(text) > _MOST_CHARACTERS or not text.isprintable():
        raise entry.error(f"expected a glob of at most {_MOST_CHARACTERS} printable letters")
    if text.count("**") > _MOST_FOLDER_STARS:
        raise entry.error(
            f"expected at most {_MOST_FOLDER_STARS} times `**` in a glob: more take minutes in deep folders"
        )
    groups = _BRACES.findall(text)
    if any(".." in group for group in groups) or "{" in _BRACES.sub("", text):
        raise entry.error("braces hold alternatives with commas between, as in {a,b}: no other braces, no ranges")
    if math.prod(group.count(",") + 1 for group in groups) > _MOST_ALTERNATIVES:
        raise entry.error(f"the braces stand for more than {_MOST_ALTERNATIVES} globs")
    return text


def _expanded(text: str) -> str:
    try:
        return str(Path(text).expanduser())
    except RuntimeError:  # a `~name` of nobody: matches nothing, as no path holds it
        return text
