"""Process life: lock, signals, threads, reload, and what the service manager wants to know."""
