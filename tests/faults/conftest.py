"""The faults of the catalogue are brought about around a real daemon, as the end-to-end tests have it."""

from ..end_to_end.conftest import House, house  # noqa: TID252 – tests are no package that could be named

__all__ = ["House", "house"]
