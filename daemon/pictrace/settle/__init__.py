"""Says when a file stopped changing."""

from pictrace.settle.settler import Pending, Settled, Settler

__all__ = ["Pending", "Settled", "Settler"]
