"""What a command ends with where nothing is wrong with its words; an error brings its own exit code."""

from typing import Final

NO: Final = 1  # the answer is no: no copy, a test that failed
CANNOT: Final = 2  # it was asked for something that cannot be done
