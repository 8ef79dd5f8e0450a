"""Where the program starts, as ``pictrace`` and as ``python -m pictrace``.

Each worker process imports this module anew, so it imports nothing itself: the command line is not theirs to load.
"""


def main() -> None:
    """Run the command line."""
    from pictrace.cli.app import main as run  # noqa: PLC0415

    run()


if __name__ == "__main__":
    main()
