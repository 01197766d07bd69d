"""Whether households are asked to prepay, from the register's facts and the decisions made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from kokuho.billing import Standing, examine
from kokuho.office.billing import decisions
from kokuho.office.billing.decisions import Decided
from kokuho.office.billing.heads import heads
from kokuho.ordinance import OrdinanceYear


@dataclass(frozen=True)
class Found:
    """The standing of a household, and the decisions that it takes account of.

    ``contradicted``: a person decided it while the facts were not known; now they are, and they
    count (``ruling`` is left aside).
    """

    standing: Standing
    decided: Decided
    contradicted: bool = False


def asked(year: OrdinanceYear) -> bool:
    """Whether the ordinance asks for prepayment of this year's levy at all."""
    first = year.prepayment.first_fiscal_year
    return year.prepayment.adopted and first is not None and year.fiscal_year >= first


def standings(
    year: OrdinanceYear,
    payers: Mapping[int, Sequence[int]],
    known: datetime | None = None,
) -> dict[int, Found]:
    """The standing of households, inside ``seeing(…)``; none where prepayment is not asked for.

    Args:
        year: the ordinance of the levy year.
        payers: of each household the row numbers of its heads of the year, in their order.
        known: the moment at which facts and decisions were known; none for now.

    Raises:
        BillingError: a setting is not stated, or a code that the ordinance has no more.
    """
    reference = year.prepayment.reference_date
    if not asked(year) or reference is None:
        # an ordinance that adopted it states the date: its model refuses one that does not
        return {}
    everybody = {payer for some in payers.values() for payer in some}
    known_heads = heads(year.insurer.code, everybody, reference, known)
    decided = decisions.of_year(year.fiscal_year, payers, known)
    found = {}
    for household, some in payers.items():
        made = decided.get(household, Decided())
        own = [known_heads[payer] for payer in some]
        plain = examine(own, year)
        ruling = made.ruling if plain.status == "undecided" else None
        standing = examine(own, year, excused=made.excused, ruling=ruling)
        late = made.ruling is not None and ruling is None and made.ruling.status != plain.status
        found[household] = Found(standing, made, late)
    return found
