"""Globs of other programs, which hit paths, as regular expressions."""

from __future__ import annotations

import re


def path_expression(glob: str, *, is_plain: bool = False) -> str:
    r"""Return a glob as a regular expression for whole paths: ``*`` and ``?`` stop at a slash, ``**`` does not.

    Args:
        glob: with ``[…]``, ``[!…]``, ``{a,b}`` and ``\`` before what is meant as it stands, as Syncthing has them.
        is_plain: as in Go's filepath.Match: ``**`` and braces have no meaning of their own, and ``[^…]`` is the class.

    Raises:
        ValueError: a brace or a class is left open.
    """
    depth, parts = 0, []
    for token in re.findall(r"\\.|\*\*|\[[^\]]+\]|.", glob, re.DOTALL):
        match token:
            case "**":
                parts.append("[^/]*" if is_plain else ".*")
            case "*":
                parts.append("[^/]*")
            case "?":
                parts.append("[^/]")
            case "{" if not is_plain:
                depth += 1
                parts.append("(?:")
            case "}" if depth:
                depth -= 1
                parts.append(")")
            case "," if depth:
                parts.append("|")
            case _:
                parts.append(_letters(token, negation="^" if is_plain else "!"))
    if depth:
        raise ValueError(f"{glob!r}: a brace is left open")
    return "".join(parts)


def _letters(token: str, *, negation: str) -> str:
    """Return a class of letters, or one letter as it stands."""
    if not token.startswith("["):
        return re.escape(token[-1])
    if len(token) == 1:
        raise ValueError("a class is left open")
    inner = token[1:-1]
    is_negated = inner.startswith(negation) and len(inner) > 1
    inner = inner[1:] if is_negated else inner
    # What a class means to re alone has to stand for itself.
    inner = re.sub(r"([\[&~|^]|\\(?=[a-zA-Z0-9]))", r"\\\1", inner)
    return f"(?!/)[{'^' if is_negated else ''}{inner}]"
