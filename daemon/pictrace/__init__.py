"""PicTrace: says how a new photo relates to those you have, and acts on your rules without losing one."""

__version__ = "0.1.0"
