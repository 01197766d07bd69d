"""Django looks for models here; they live in the modules of this package."""

from kokuho.office.linkage.batch import Batch, CopyRecord, Part
from kokuho.office.linkage.event import BatchEvent, RefusedCopy
from kokuho.office.linkage.limits import LimitApproval, LimitProposal
from kokuho.office.linkage.sweep import Reconciliation, Sweep

__all__ = [
    "Batch",
    "BatchEvent",
    "CopyRecord",
    "LimitApproval",
    "LimitProposal",
    "Part",
    "Reconciliation",
    "RefusedCopy",
    "Sweep",
]
