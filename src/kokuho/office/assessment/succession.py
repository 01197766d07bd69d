"""Heirs of a payer who died (納付義務の承継): who receives the papers for all of them."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models

from kokuho.base.errors import InputError
from kokuho.base.messages import translator
from kokuho.office.assessment.causes import death_of
from kokuho.office.register import recordings
from kokuho.office.register.models import Resident
from kokuho.office.register.residents import ResidentVersion
from kokuho.office.store.recording import record

_ = translator("assessment")


class Succession(ResidentVersion):
    """Who represents the heirs (相続人代表者) of a resident who died; ``resident`` is the dead.

    The representative is a resident, or somebody elsewhere with name and address. The debt itself
    passes by law to all heirs (地方税法9条, 国民健康保険法78条). ``basis`` is ``reported`` by the
    heirs, or ``designated`` by the office (地方税法9条の2第1項・2項; for premiums, which take over
    article 9 alone, heirs report it).
    """

    representative = models.ForeignKey(
        Resident, on_delete=models.PROTECT, null=True, related_name="+"
    )
    name = models.TextField(default="")
    postal_code = models.CharField(max_length=8, default="")
    address = models.TextField(default="")
    basis = models.CharField(max_length=20)
    told_on = models.DateField()

    class Meta(ResidentVersion.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *ResidentVersion.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(representative__isnull=False)
                | (~models.Q(name="") & ~models.Q(address="")),
                name="somebody_represents",
            ),
        ]


def appoint(
    insurer: str,
    resident: str,
    *,
    basis: str,
    told_on: date,
    actor: str,
    representative: str = "",
    name: str = "",
    postal_code: str = "",
    address: str = "",
) -> Succession:
    """Record who represents the heirs of a resident from the day of the death on.

    Inside ``seeing(…, writing=True)``.

    Raises:
        InputError: no such residents, nobody named, or the register knows of no death.
    """
    dead = find_resident(insurer, resident)
    died = death_of(resident)
    if died is None:
        raise InputError(
            _("The register knows of no death of {number}; record it first.").format(
                number=resident
            )
        )
    if bool(representative) == bool(name and address):
        raise InputError(_("Name the representative by address number, or by name and address."))
    moment = recordings.begin(insurer, actor=actor, reason="相続人代表者")
    succession = Succession(
        resident=dead,
        valid_from=died,
        representative=find_resident(insurer, representative) if representative else None,
        name=name,
        postal_code=postal_code,
        address=address,
        basis=basis,
        told_on=told_on,
    )
    record(moment, [succession])
    return succession


def find_resident(insurer: str, number: str) -> Resident:
    """The resident with an address number.

    Raises:
        InputError: there is none.
    """
    found: Resident | None = Resident.objects.filter(
        insurer_id=insurer, address_number=number
    ).first()
    if found is None:
        raise InputError(
            _("Insurer {insurer} has no resident {number}.").format(insurer=insurer, number=number)
        )
    return found
