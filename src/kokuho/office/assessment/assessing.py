"""Assessing some households of one fiscal year: levied, compared with before, decided, recorded."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime

from django.utils import timezone

from kokuho import __version__
from kokuho.base.calendar import fiscal_year_name, fiscal_year_of
from kokuho.law import for_fiscal_year, kept
from kokuho.office.assessment import documents, limits
from kokuho.office.assessment.amounts import levied
from kokuho.office.assessment.causes import Cause, causes
from kokuho.office.assessment.decisions import LevyDecision, Pending
from kokuho.office.assessment.documents import inputs_of, read_inputs, write_inputs
from kokuho.office.assessment.facts import Facts, homeless, read
from kokuho.office.assessment.frames import Look, Unit, gather
from kokuho.office.assessment.outcomes import Outcome, outcomes
from kokuho.office.register import recordings
from kokuho.office.register.models import Assessment, Document, Household, Recording
from kokuho.office.store.recording import Said, change
from kokuho.ordinance import OrdinanceYear


@dataclass(frozen=True)
class Year:
    """What a fiscal year is assessed with.

    Attributes:
        known: what the register knew at this moment counts, nothing later.
        decided_on: the day of the decisions.
        fresh: only households that were never assessed for the year (the yearly run).
    """

    insurer: str
    ordinance: OrdinanceYear
    ordinance_document: Document
    known: datetime
    decided_on: date
    actor: str
    fresh: bool

    @property
    def fiscal_year(self) -> int:
        """The fiscal year."""
        return self.ordinance.fiscal_year


def assess(year: Year, households: Sequence[Household]) -> dict[str, int]:
    """Assess households, inside ``seeing(…, writing=True)``; counts of what was done.

    What cannot be levied waits for a clerk (``Pending``) and takes nobody else with it.
    """
    formers = _formers(year, households)
    if year.fresh:
        households = [house for house in households if house.pk not in formers]
    facts = read(year.fiscal_year, households, year.known)
    gathered = gather(facts, year.insurer, for_fiscal_year(year.fiscal_year))
    compared = facts.households.keys() - gathered.put_aside
    changed = outcomes(
        [former for household in compared for former in formers.get(household, ())],
        levied(gathered.units, year.ordinance),
        gathered.idle,
        year.ordinance,
    )
    looks = list(_needing_somebody(gathered.looks, year, facts.households))
    decided: list[Outcome] = []
    for household, some in changed.items():
        free, late = limits.allowed(
            some, year.ordinance, year.decided_on, facts.household_decisions[household]
        )
        decided += free
        looks += late
    counts = Counter(households=len(households), put_aside=len(gathered.put_aside))
    if decided:
        counts += _decide(year, decided, formers, gathered.units)
    _remember(year, facts, looks)
    return {name: count for name, count in counts.items() if count}


def _formers(year: Year, households: Sequence[Household]) -> dict[int, list[Assessment]]:
    found: dict[int, list[Assessment]] = defaultdict(list)
    rows = Assessment.objects.known().of_year(year.fiscal_year)
    for former in rows.filter(household__in=[house.pk for house in households]):
        found[former.household_id].append(former)
    return found


def _decide(
    year: Year,
    decided: Sequence[Outcome],
    formers: Mapping[int, Sequence[Assessment]],
    units: Sequence[Unit],
) -> Counter[str]:
    concerned = {outcome.household for outcome in decided}
    why = _Causes(year, {pk: formers[pk] for pk in concerned if pk in formers}, units)
    moment = recordings.begin(year.insurer, actor=year.actor, reason=_reason(year))
    made = _assessments(year, decided)
    said: list[Said[Assessment]] = []
    # what goes goes first: two payers may have changed places
    said += [Said(outcome.former, holds=False) for outcome in decided if outcome.former]
    said += [Said(assessment) for assessment in made.values()]
    change(moment, said)
    LevyDecision.objects.bulk_create(
        [
            _decision(year, moment, outcome, made.get(place), why.of(outcome.household))
            for place, outcome in enumerate(decided)
        ],
        batch_size=500,
    )
    counts = Counter[str]()
    for outcome in decided:
        difference = outcome.after - outcome.before
        counts["decided"] += 1
        counts["increase" if difference > 0 else "decrease"] += abs(difference)
    return counts


def _assessments(year: Year, decided: Sequence[Outcome]) -> dict[int, Assessment]:
    """The new assessments, by the place of their outcome."""
    places = [(place, outcome) for place, outcome in enumerate(decided) if outcome.unit]
    inputs = documents.keep(
        year.insurer,
        "inputs",
        [write_inputs(inputs_of(o.unit, year.fiscal_year)) for _place, o in places if o.unit],
    )
    law = documents.keep(year.insurer, "law", [kept.keep(year.fiscal_year)])[0]
    made = {}
    for (place, outcome), document in zip(places, inputs, strict=True):
        assert outcome.unit is not None
        assert outcome.amounts is not None
        first, end = outcome.unit.period.days(year.fiscal_year)
        made[place] = Assessment(
            household_id=outcome.household,
            payer_id=outcome.payer,
            valid_from=first,
            valid_to=end,
            reason=_kind(year, outcome),
            decided_on=year.decided_on,
            law=law,
            ordinance=year.ordinance_document,
            inputs=document,
            made_with=__version__,
            **asdict(outcome.amounts),
        )
    return made


def _kind(year: Year, outcome: Outcome) -> str:
    """A code of the register's ``codes.ASSESSMENTS``."""
    if outcome.unit is None or not outcome.unit.persons:
        return "cancelled"
    if not year.fresh and year.fiscal_year < fiscal_year_of(year.decided_on):
        return "retroactive"
    return "change" if outcome.former else "initial"


def _decision(
    year: Year,
    moment: Recording,
    outcome: Outcome,
    assessment: Assessment | None,
    why: Sequence[Cause],
) -> LevyDecision:
    return LevyDecision(
        insurer_id=year.insurer,
        household_id=outcome.household,
        payer_id=outcome.payer,
        fiscal_year=year.fiscal_year,
        former=outcome.former,
        assessment=assessment,
        recording=moment,
        reason=_kind(year, outcome),
        causes=[cause.as_dict() for cause in why],
        decided_on=year.decided_on,
    )


class _Causes:
    """Why the years of households are assessed anew; none where they are for the first time."""

    def __init__(
        self,
        year: Year,
        formers: Mapping[int, Sequence[Assessment]],
        units: Iterable[Unit],
    ) -> None:
        self.year, self.formers = year, formers
        self.units: dict[int, list[Unit]] = defaultdict(list)
        for unit in units:
            self.units[unit.household].append(unit)
        kept_with = [former for some in formers.values() for former in some]
        self.inputs = _documents(former.inputs_id for former in kept_with)
        self.other_laws = {
            key
            for key, document in _documents(former.law_id for former in kept_with).items()
            if kept.different_names(bytes(document.content), year.fiscal_year)
        }
        self.found: dict[int, list[Cause]] = {}

    def of(self, household: int) -> list[Cause]:
        if household not in self.found:
            self.found[household] = self._of(household)
        return self.found[household]

    def _of(self, household: int) -> list[Cause]:
        formers = self.formers.get(household)
        if not formers:
            return []
        before = [read_inputs(self.inputs[former.inputs_id]) for former in formers]
        now = [inputs_of(unit, self.year.fiscal_year) for unit in self.units[household]]
        found = causes(before, now)
        if any(former.ordinance_id != self.year.ordinance_document.pk for former in formers):
            found.append(Cause("ordinance"))
        if any(former.law_id in self.other_laws for former in formers):
            found.append(Cause("law"))
        return found


def _documents(keys: Iterable[int]) -> dict[int, Document]:
    found: dict[int, Document] = Document.objects.in_bulk(list(set(keys)))
    return found


def remember_homeless(year: Year) -> None:
    """Whoever is insured in the year and in no household waits for a clerk."""
    persons = homeless(year.fiscal_year, year.known)
    Pending.objects.filter(fiscal_year=year.fiscal_year, household=None).delete()
    looks = [Look(None, person, "household_id", "", "no_household") for person in persons]
    Pending.objects.bulk_create([_pending(year, look) for look in looks], batch_size=500)


def _remember(year: Year, facts: Facts, looks: Iterable[Look]) -> None:
    """What waits for a clerk, in place of what waited before for these households."""
    Pending.objects.filter(
        fiscal_year=year.fiscal_year, household__in=list(facts.households)
    ).delete()
    Pending.objects.bulk_create([_pending(year, look) for look in looks], batch_size=500)


def _needing_somebody(
    looks: Iterable[Look], year: Year, numbers: Mapping[int, str]
) -> Iterator[Look]:
    """The looks without shares that the bills take off; with what is to be typed for the others."""
    for look in looks:
        if look.code == "exemption_share" and year.ordinance.billing.household_exemption:
            continue
        if look.code in ("exemption_share", "exemption_not_levied") and look.household is not None:
            typed = (
                f"kokuho decision record exemption --insurer {year.insurer} "
                f"--for {numbers[look.household]} --from {look.value} --amount YEN"
            )
            yield replace(look, expected=typed)
        else:
            yield look


def _pending(year: Year, look: Look) -> Pending:
    return Pending(
        insurer_id=year.insurer,
        household_id=look.household,
        fiscal_year=year.fiscal_year,
        person=look.person,
        field=look.column,
        value=look.value,
        code=look.code,
        expected=look.expected,
        since=timezone.now(),
    )


def _reason(year: Year) -> str:
    what = "当初賦課" if year.fresh else "異動更正"
    return f"{fiscal_year_name(year.fiscal_year)} {what}"
