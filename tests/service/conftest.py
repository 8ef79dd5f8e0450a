"""A request for a unit, as the tests change it."""

from pathlib import Path

import pytest

from pictrace.service.unit import UnitRequest


@pytest.fixture
def request_for_system() -> UnitRequest:
    return UnitRequest(
        is_user=False,
        executable=Path("/opt/pictrace/bin/pictrace"),
        config=Path("/etc/pictrace/config.yaml"),
        roots=(Path("/srv/photos"),),
    )
