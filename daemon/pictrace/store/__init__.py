"""What PicTrace remembers: an index that can be rebuilt, and a journal that is never thrown away."""

from pictrace.store.brake import HeldByRule
from pictrace.store.entries import SavedAs
from pictrace.store.files import KnownFile
from pictrace.store.index import Index, IndexStatus, Pruned
from pictrace.store.journal import Journal
from pictrace.store.problems import Problem
from pictrace.store.standing import StandingIndex, StandingJournal
from pictrace.store.unsettled import Debt
from pictrace.store.uptime import Age
from pictrace.store.verdicts import Verdicts

__all__ = [
    "Age",
    "Debt",
    "HeldByRule",
    "Index",
    "IndexStatus",
    "Journal",
    "KnownFile",
    "Problem",
    "Pruned",
    "SavedAs",
    "StandingIndex",
    "StandingJournal",
    "Verdicts",
]
