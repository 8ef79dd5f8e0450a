"""How errors become exit codes."""

import pytest

from pictrace.cli.app import main


def test_a_fault_of_our_own_is_never_taken_for_an_answer(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(lambda: 1 / 0)

    assert end.value.code == 70
    told = capsys.readouterr().err
    assert "ZeroDivisionError" in told
    assert told.splitlines()[-1].startswith("pictrace: this is a fault in PicTrace")
