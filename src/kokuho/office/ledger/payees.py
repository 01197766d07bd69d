"""Where a refund goes, as the debtor said before leaving (還付先・納税管理人): not asked anew."""

from __future__ import annotations

from collections.abc import Iterable

from kokuho.office.billing.departures import Departure, said
from kokuho.office.ledger.models import Claim
from kokuho.office.register.models import Resident


def said_of(insurer: str, demands: Iterable[str]) -> dict[str, Departure]:
    """What the debtors of demands said last, by the demand's id, inside ``seeing``.

    Debtors who said nothing of refunds or of an agent have no entry.
    """
    claims = Claim.objects.filter(insurer_id=insurer, demand_id__in=set(demands))
    debtors = dict(claims.values_list("demand_id", "debtor"))
    people = Resident.objects.filter(
        insurer_id=insurer, address_number__in=set(debtors.values())
    ).values_list("address_number", "pk")
    numbers = dict(people)
    words = said(numbers.values())
    found = {name: words.get(numbers.get(debtor, 0)) for name, debtor in debtors.items()}
    return {name: word for name, word in found.items() if word and (word.account or word.agent)}
