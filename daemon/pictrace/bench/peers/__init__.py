"""Other duplicate finders on the same files, where they are installed: what they join, and what that costs.

``finders`` and ``run`` use nothing of PicTrace's: they run in the environment that has the other tools, as a script.
"""

from pictrace.bench.peers.asking import Answer, ask, children_seconds
from pictrace.bench.peers.finders import FINDERS
from pictrace.bench.peers.side_by_side import Peer, Peers, side_by_side

__all__ = ["FINDERS", "Answer", "Peer", "Peers", "ask", "children_seconds", "side_by_side"]
