"""Measures how right PicTrace is about copies and about pictures that are none."""
