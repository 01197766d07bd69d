"""One module a kind of paper: which there are, what they must add up to, and how each reads."""

from collections.abc import Mapping

from kokuho.office.printing.kinds.change import CHANGE
from kokuho.office.printing.kinds.issue import Asked, Composer, Issue, Item
from kokuho.office.printing.kinds.levy import LEVY
from kokuho.office.printing.kinds.prepayment import PREPAYMENT
from kokuho.office.printing.kinds.refund import REFUND
from kokuho.office.printing.kinds.reminder import REMINDER
from kokuho.office.printing.kinds.slip import SLIP
from kokuho.office.printing.kinds.statement import STATEMENT

COMPOSERS: Mapping[str, Composer] = {
    one.key: one for one in (LEVY, CHANGE, PREPAYMENT, SLIP, REMINDER, STATEMENT, REFUND)
}
"""By key of :data:`kokuho.forms.papers.KINDS`."""

__all__ = ["COMPOSERS", "Asked", "Composer", "Issue", "Item"]
