"""Run the command line as ``python -m pictrace``."""

from pictrace.cli.app import main

if __name__ == "__main__":
    main()
