"""The house of the end-to-end tests."""

# ruff: noqa: TID252 – the tests have no top-level package that an absolute import could name

from ..end_to_end.conftest import House, house  # type: ignore[import-not-found]

__all__ = ["House", "house"]
