"""An ordinance against the law: national caps, the parts of a year, codes, statutory rounding."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from kokuho import law
from kokuho.base.calendar import fiscal_year_name
from kokuho.base.errors import LawError
from kokuho.base.numbers import is_municipality_code, municipality_digit
from kokuho.ordinance.codes import FICTIONAL_PREFECTURE, prefecture_of
from kokuho.ordinance.findings import Finding, finding
from kokuho.ordinance.model import Insurer, YearEntry
from kokuho.ordinance.prepayment import FIRST_FISCAL_YEAR
from kokuho.ordinance.reading import Document, Place
from kokuho.ordinance.values import due_date, part_labels


def insurer_findings(document: Document, insurer: Insurer) -> Iterator[Finding]:
    """Check digit and prefecture of the municipality code."""
    place: Place = ("insurer", "municipality_code")
    code = insurer.municipality_code
    if not is_municipality_code(code):
        yield finding(document, "check_digit", place, right=code[:5] + municipality_digit(code[:5]))
    if code[:2] == FICTIONAL_PREFECTURE:
        return
    prefecture = prefecture_of(code)
    if prefecture is None:
        yield finding(document, "no_such_prefecture", place)
    elif prefecture != insurer.prefecture:
        yield finding(
            document, "prefecture_mismatch", ("insurer", "prefecture"), prefecture=prefecture
        )


def year_findings(
    document: Document, insurer: Insurer | None, year: int, entry: YearEntry
) -> Iterator[Finding]:
    """What a fiscal year lacks or says against the law; notices on what is still to be added."""
    place: Place = ("fiscal_years", year)
    yield from _parts(document, place, insurer, year, entry)
    if insurer is not None and insurer.kind == "tax" and entry.rounding.part != 100:
        yield finding(document, "tax_rounding", (*place, "rounding", "part"))
    yield from _exemptions(document, place, year, entry)
    yield from _allocation(document, place, insurer, entry)
    yield from _terms(document, place, year, entry)
    yield from _billing(document, place, entry)
    if entry.prepayment.adopted and year < FIRST_FISCAL_YEAR:
        yield finding(
            document,
            "prepayment_too_early",
            (*place, "prepayment", "adopted"),
            year=fiscal_year_name(FIRST_FISCAL_YEAR),
        )
    elif entry.prepayment.adopted and year < (entry.prepayment.first_fiscal_year or year):
        yield finding(
            document,
            "prepayment_later",
            (*place, "prepayment", "adopted"),
            year=fiscal_year_name(entry.prepayment.first_fiscal_year or year),
        )
    yield from _notices(document, place, entry)


def _parts(
    document: Document, place: Place, insurer: Insurer | None, year: int, entry: YearEntry
) -> Iterator[Finding]:
    try:
        caps = law.for_fiscal_year(year).caps
    except LawError as error:
        yield finding(document, "year_not_in_law", place, problem=error)
        return
    names = {"year": fiscal_year_name(year), "parts": part_labels(caps)}
    for name, cap in caps.items():
        part = entry.parts.get(name)
        where = (*place, "parts", name)
        if part is None:
            if name not in entry.unconfirmed_parts:
                yield finding(
                    document, "part_missing", where, part=name, label=part_labels([name]), **names
                )
            continue
        if part.cap > cap:
            article = _article(law.rule(f"cap.{name}", year), insurer)
            values = {"cap": f"{cap:,}", "article": article, **names}
            yield finding(document, "cap_above_national", (*where, "cap"), **values)
        if name == "child" and "per_capita_adult" not in part.model_fields_set:
            key = "per_capita_adult"
            yield finding(document, "missing_key", (*where, key), key=key)
    for name in entry.parts:
        if name not in caps:
            yield finding(
                document,
                "part_not_in_year",
                (*place, "parts", name),
                part=part_labels([name]),
                **names,
            )
    for index, name in enumerate(entry.unconfirmed_parts):
        if name not in caps:
            where = (*place, "unconfirmed_parts", index)
            yield finding(document, "part_not_in_year", where, part=part_labels([name]), **names)


def _article(rule: law.Rule, insurer: Insurer | None) -> str:
    if insurer is None:
        return rule.article
    return rule.article_tax if insurer.kind == "tax" else rule.article_premium


def _exemptions(document: Document, place: Place, year: int, entry: YearEntry) -> Iterator[Finding]:
    try:
        statutory = law.for_fiscal_year(year).preschool_cut or Fraction(0)
    except LawError:
        return
    for index, own in enumerate(entry.exemptions):
        where = (*place, "exemptions", index, "cut")
        if not own.cut:
            yield finding(document, "exemption_empty", where)
        elif own.kind == "preschool_per_capita" and own.fraction < statutory:
            yield finding(document, "exemption_below_statutory", where, statutory=statutory)


def _allocation(
    document: Document, place: Place, insurer: Insurer | None, entry: YearEntry
) -> Iterator[Finding]:
    stated = entry.collection.allocation
    if stated is None or insurer is None or insurer.kind != "tax":
        return
    if stated.order.index("interest") < stated.order.index("principal"):
        where = (*place, "collection", "allocation", "order")
        article = law.parameter("allocation.tax").article_tax
        yield finding(document, "principal_first", where, article=article)


def _terms(document: Document, place: Place, year: int, entry: YearEntry) -> Iterator[Finding]:
    first, last = date(year, 4, 1), date(year + 1, 5, 31)
    latest = first
    for index, term in enumerate(entry.terms):
        where = (*place, "terms", index)
        if term.number != index + 1:
            yield finding(document, "term_order", (*where, "number"))
        if term.due is None:
            continue
        try:
            day = due_date(term.due, year)
        except ValueError:
            yield finding(document, "due_invalid", (*where, "due"))
            continue
        if not first <= day <= last:
            name = fiscal_year_name(year)
            yield finding(
                document, "due_out_of_year", (*where, "due"), first=first, last=last, year=name
            )
        elif index and day <= latest:
            yield finding(document, "term_order", (*where, "due"))
        latest = max(latest, day)


def _billing(document: Document, place: Place, entry: YearEntry) -> Iterator[Finding]:
    """Provisional terms, and those before a first pension payment, leave others after them."""
    stated: list[tuple[Place, int]] = []
    if (provisional := entry.billing.provisional) is not None:
        stated.append((("provisional", "terms"), provisional.terms))
    if (first := entry.billing.pension.first_year) is not None:
        stated.append((("pension", "first_year", "ordinary_terms"), first.ordinary_terms))
    for keys, number in stated:
        if entry.terms and number >= len(entry.terms):
            where = (*place, "billing", *keys)
            yield finding(document, "too_many_terms", where, count=len(entry.terms))


def _notices(document: Document, place: Place, entry: YearEntry) -> Iterator[Finding]:
    if entry.status == "transcribed":
        yield finding(document, "not_compared", (*place, "status"))
    if entry.unconfirmed_parts:
        yield finding(
            document,
            "unconfirmed",
            (*place, "unconfirmed_parts"),
            parts=part_labels(entry.unconfirmed_parts),
        )
    if not entry.terms:
        yield finding(document, "no_terms", (*place, "terms"))
    if entry.status != "fictional" and not re.match(r"https?://\S+", entry.source):
        yield finding(document, "source_not_address", (*place, "source"))
