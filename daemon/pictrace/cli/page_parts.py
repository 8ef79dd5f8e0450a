"""What PicTrace's pages are made of: one file of HTML that holds all it shows, loads nothing and runs nothing."""

from __future__ import annotations

import base64
import hashlib
import html
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from pictrace.errors import shown

_STYLE: Final = """
:root { color-scheme: light dark; --ink: #1c2026; --faint: #5b6470; --paper: #fff; --card: #f4f6f8;
  --line: #d5dae0; --good: #187e3e; --doubt: #96600a; --other: #5c626c; --accent: #0b57b0; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8eaed; --faint: #a3acb8; --paper: #14171b; --card: #1d2127;
  --line: #363c45; --good: #2f9e5b; --doubt: #b9802c; --other: #7d858f; --accent: #7db4ff; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 76rem; padding: 1rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.45 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; margin: .5rem 0; } h2 { font-size: 1.05rem; margin: 0 0 .6rem; }
p { margin: .3rem 0; } .faint { color: var(--faint); font-size: .875rem; }
dl { display: flex; flex-wrap: wrap; gap: .5rem 1.75rem; margin: 1rem 0; padding: 0; }
dl div { min-width: 6rem; } dt { color: var(--faint); font-size: .8rem; } dd { margin: 0; font-size: 1.3rem; }
section { border-top: 1px solid var(--line); padding: 1rem 0; content-visibility: auto;
  contain-intrinsic-size: auto 22rem; }
.photos { display: grid; gap: .75rem; grid-template-columns: repeat(auto-fill, minmax(min(15rem, 100%), 1fr)); }
figure { margin: 0; padding: .6rem; background: var(--card); border: 1px solid var(--line); border-radius: .5rem; }
figure.keeper { border: 2px solid var(--good); }
img, .blank { display: block; width: 100%; height: 10rem; object-fit: contain; margin-bottom: .4rem; }
.blank { display: grid; place-items: center; color: var(--faint); border: 1px dashed var(--line); font-size: .85rem; }
.name { font-weight: 600; } code { font-size: .85em; color: var(--accent); }
.mark { display: inline-block; padding: 0 .5rem; border-radius: 1rem; background: var(--other); color: #fff;
  font-size: .8rem; font-weight: 600; }
.good { background: var(--good); } .doubt { background: var(--doubt); }
ul { margin: .2rem 0; padding-left: 1.1rem; font-size: .875rem; }
@media print { body { max-width: none; font-size: 10pt; } section { content-visibility: visible; }
  figure { break-inside: avoid; } h2 { break-after: avoid; } }
"""


def head(title: str, made_at: str, *, kind: str) -> Iterator[str]:
    """Yield the beginning of a page, up to its header's first lines; what follows there ends with ``</header>``.

    Args:
        title: in large letters.
        made_at: when, for people.
        kind: which page of PicTrace's it is.
    """
    # Nothing is loaded and nothing runs, whatever a name may smuggle in; only this very style is obeyed.
    digest = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    policy = f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'; form-action 'none'; base-uri 'none'"
    yield '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
    yield f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    yield f'<meta name="generator" content="PicTrace {kind}">\n<meta name="referrer" content="no-referrer">\n'
    yield f"<title>{text(title)}, {text(made_at)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
    yield f'<header>\n<h1>{text(title)}</h1>\n<p class="faint">{text(made_at)}</p>\n'


def card(picture: bytes | None, label: str, style: str, lines: list[str], *, is_keeper: bool = False) -> str:
    """Return a picture with a colored label and lines of HTML below it.

    Args:
        picture: a JPEG; None where it cannot be shown.
        label, style: the words in it, and its color: good, doubt or other.
        lines: HTML already.
        is_keeper: drawn with a frame.
    """
    shown_as = '<div class="blank">cannot be shown</div>'
    if picture is not None:
        shown_as = f'<img alt="" src="data:image/jpeg;base64,{base64.b64encode(picture).decode()}">'
    kind = ' class="keeper"' if is_keeper else ""
    mark = f'<p><span class="mark {style}">{text(label)}</span></p>'
    return f"<figure{kind}>{shown_as}<figcaption>{mark}{''.join(lines)}</figcaption></figure>\n"


def named(path: Path) -> str:
    """Return the name of a file, and its folder below."""
    folder = shown(os.path.join(path.parent, ""))  # noqa: PTH118 – with the slash at its end
    return f'<p class="name">{text(shown(path.name))}</p><p class="faint">{text(folder)}</p>'


def text(words: str) -> str:
    """Return words as HTML: nothing in them is markup."""
    return html.escape(words, quote=True).encode("utf-8", "backslashreplace").decode()
