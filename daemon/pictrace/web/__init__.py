"""Fetches what a person names by a URL, within limits; only `pictrace find` knows this room, never the daemon."""
