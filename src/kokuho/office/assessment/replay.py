"""An assessment made again from what it kept, and what would differ today (賦課の再現)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kokuho.base.errors import InputError
from kokuho.base.messages import translator
from kokuho.law import for_fiscal_year, kept
from kokuho.levy import Levy, levy
from kokuho.office.assessment import changes, documents
from kokuho.office.assessment.amounts import Amounts, levied, levied_again, stored
from kokuho.office.assessment.causes import Cause, causes
from kokuho.office.assessment.documents import Inputs, inputs_of
from kokuho.office.assessment.facts import read
from kokuho.office.assessment.frames import Gathered, Unit, gather
from kokuho.office.register.models import Assessment, Document
from kokuho.ordinance import OrdinanceYear

_ = translator("assessment")


@dataclass(frozen=True)
class Replay:
    """An assessment as it is stored, made again, and as it would be today.

    Attributes:
        today: the amounts of the same payer today, from the register, the ordinance and the law as
            they are known now; none where nothing is to be assessed, or a clerk must look first.
        different: what differs today in what it is made from.
        parameters: the statutory values that differ today.
    """

    assessment: Assessment
    stored: Amounts
    again: Amounts
    today: Amounts | None
    different: tuple[Cause, ...]
    parameters: tuple[str, ...]

    @property
    def same(self) -> bool:
        """Whether it was made again to the yen."""
        return self.stored == self.again


def find(insurer: str, number: int) -> Assessment:
    """An assessment of the register, superseded or not.

    Raises:
        InputError: there is none with the number.
    """
    found: Assessment | None = (
        Assessment.objects.filter(insurer_id=insurer, pk=number)
        .select_related("household", "payer", "law", "ordinance", "inputs")
        .first()
    )
    if found is None:
        raise InputError(
            _("Insurer {insurer} has no assessment {number}.").format(
                insurer=insurer, number=number
            )
        )
    return found


def replay(assessment: Assessment) -> Replay:
    """Make an assessment again under the law, the ordinance and the inputs that it kept.

    Inside ``seeing(…)``.

    Raises:
        StoreError: a document cannot be read as it was kept.
    """
    inputs = documents.read_inputs(assessment.inputs)
    law = bytes(assessment.law.content)
    with kept.hold(law):
        again = levied_again(*inputs.frames(), documents.read_ordinance(assessment.ordinance))
    gathered = _gathered(assessment, inputs)
    today = _today(gathered, assessment, inputs)
    different = _different(gathered, assessment, inputs)
    parameters = kept.different_names(law, inputs.fiscal_year)
    if _ordinance_today(inputs.fiscal_year) not in (None, assessment.ordinance_id):
        different.append(Cause("ordinance"))
    if parameters:
        different.append(Cause("law"))
    return Replay(assessment, stored(assessment), again, today, tuple(different), tuple(parameters))


def steps(assessment: Assessment) -> tuple[Levy, OrdinanceYear]:
    """The levy of an assessment again with every step, for its explanation.

    To be explained under the same law: inside ``kept.hold`` of its law document.
    """
    inputs = documents.read_inputs(assessment.inputs)
    ordinance = documents.read_ordinance(assessment.ordinance)
    return levy(*inputs.frames(), [ordinance]), ordinance


def _ordinance_today(fiscal_year: int) -> Any:
    standing = changes.standing().get(str(fiscal_year))
    return standing["ordinance"] if standing else None


def _gathered(assessment: Assessment, inputs: Inputs) -> Gathered:
    """The household's year as the register has it now."""
    facts = read(inputs.fiscal_year, [assessment.household], None)
    return gather(facts, assessment.insurer_id, for_fiscal_year(inputs.fiscal_year))


def _today(gathered: Gathered, assessment: Assessment, inputs: Inputs) -> Amounts | None:
    """What the same payer would owe now."""
    unit = _same(gathered, assessment, inputs)
    if unit is None or not unit.persons:
        return None
    key = _ordinance_today(inputs.fiscal_year)
    document = Document.objects.get(pk=key) if key else assessment.ordinance
    return levied([unit], documents.read_ordinance(document))[0][1]


def _different(gathered: Gathered, assessment: Assessment, inputs: Inputs) -> list[Cause]:
    """Why the payer's inputs are others now.

    Told from the household's whole year, all payers of then and of now: who counts with another
    head now did not move away.
    """
    units = [*gathered.units, *gathered.idle]
    same = _same(gathered, assessment, inputs)
    if not units or (same and not causes([inputs], [inputs_of(same, inputs.fiscal_year)])):
        return []
    of_then = (
        Assessment.objects.known(assessment.recorded_at)
        .of_year(inputs.fiscal_year)
        .filter(household=assessment.household)
        .select_related("inputs")
    )
    then = [documents.read_inputs(one.inputs) for one in of_then]
    return causes(then, [inputs_of(unit, inputs.fiscal_year) for unit in units])


def _same(gathered: Gathered, assessment: Assessment, inputs: Inputs) -> Unit | None:
    ours = [unit for unit in (*gathered.units, *gathered.idle) if unit.payer == assessment.payer_id]
    return min(
        ours, key=lambda unit: abs(unit.period.first_month - inputs.first_month), default=None
    )
