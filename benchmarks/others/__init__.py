"""Other programs and libraries that look for copies, each behind one function."""
