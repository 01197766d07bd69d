"""One module a kind of paper: which there are, what they must add up to, and how each reads."""

from collections.abc import Mapping

from kokuho.office.printing.kinds.agreement import AGREEMENT
from kokuho.office.printing.kinds.appropriation import APPROPRIATION
from kokuho.office.printing.kinds.certificate import CERTIFICATE
from kokuho.office.printing.kinds.change import CHANGE
from kokuho.office.printing.kinds.demand import DEMAND
from kokuho.office.printing.kinds.issue import Asked, Composer, Issue, Item
from kokuho.office.printing.kinds.leaflets import ENROLMENT, RETURN_HOME
from kokuho.office.printing.kinds.levy import LEVY
from kokuho.office.printing.kinds.prepayment import PREPAYMENT
from kokuho.office.printing.kinds.provisional import PROVISIONAL
from kokuho.office.printing.kinds.refund import REFUND
from kokuho.office.printing.kinds.relief import RELIEF
from kokuho.office.printing.kinds.reminder import REMINDER
from kokuho.office.printing.kinds.slip import SLIP
from kokuho.office.printing.kinds.statement import STATEMENT

COMPOSERS: Mapping[str, Composer] = {
    one.key: one
    for one in (
        LEVY, CHANGE, PREPAYMENT, PROVISIONAL, SLIP, REMINDER, DEMAND, AGREEMENT, REFUND,
        APPROPRIATION, CERTIFICATE, STATEMENT, RELIEF, RETURN_HOME, ENROLMENT,
    )
}  # fmt: skip
"""By key of :data:`kokuho.forms.papers.KINDS`."""

__all__ = ["COMPOSERS", "Asked", "Composer", "Issue", "Item"]
