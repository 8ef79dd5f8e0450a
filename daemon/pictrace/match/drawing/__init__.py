"""Draws how two pictures are related, for a person who knows none of our words."""

from pictrace.match.drawing.sheet import as_png, drawn

__all__ = ["as_png", "drawn"]
