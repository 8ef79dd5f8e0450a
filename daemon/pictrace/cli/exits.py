"""What a command ends with where nothing is wrong with its words; an error brings its own exit code."""

from typing import Final

NO: Final = 1  # the answer is no: no copy, a test that failed
CANNOT: Final = 2  # it was asked for something that cannot be done
FAULT: Final = 70  # a fault of our own, EX_SOFTWARE of sysexits.h: never to be taken for an answer
