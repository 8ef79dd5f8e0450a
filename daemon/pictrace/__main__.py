"""Where the program starts, as ``pictrace`` and as ``python -m pictrace``.

Each worker process imports this module anew, so it imports nothing itself: the command line is not theirs to load.
"""

_INTERRUPTED = 130  # as shells have it, and the command line


def main() -> None:
    """Run the command line."""
    try:
        from pictrace.cli.app import main as run  # noqa: PLC0415

        run()
    except KeyboardInterrupt:  # while the command line was still being loaded: after that, it answers itself
        raise SystemExit(_INTERRUPTED) from None
    except SystemExit as end:
        _leave_behind(end)
        raise


def _leave_behind(end: SystemExit) -> None:
    """End at once where a worker is still there: Python would wait for it, and one that hangs in the kernel stays."""
    import logging  # noqa: PLC0415
    import multiprocessing  # noqa: PLC0415
    import os  # noqa: PLC0415
    import sys  # noqa: PLC0415

    if not multiprocessing.active_children():
        return
    logging.shutdown()
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):  # nobody reads it any more
            continue
    # Everything of ours is closed; what the system closes now needs no order.
    os._exit(end.code if isinstance(end.code, int) else int(end.code is not None))


if __name__ == "__main__":
    main()
