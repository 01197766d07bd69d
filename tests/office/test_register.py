"""The register's own rules: numbers, codes, columns, documents."""

from __future__ import annotations

from datetime import date

import pytest

from kokuho.levy.columns import PERSONS
from kokuho.office.register import codes
from kokuho.office.register.assessments import keep_document
from kokuho.office.register.models import Assessment, Document, Income
from kokuho.office.store.recording import record
from kokuho.office.tenancy import seeing
from tests.office.conftest import INSURER, Store
from tests.office.people import add_household, add_insurer, add_resident, moment

YEAR = (date(2026, 4, 1), date(2027, 4, 1))


def test_incomes_have_the_columns_of_the_persons_file() -> None:
    assert Income.fact_names() == [column.name for column in PERSONS if column.kind == "yen"]


LISTS = [value for name, value in vars(codes).items() if name.isupper()]


@pytest.mark.parametrize("known", LISTS, ids=lambda known: next(iter(known)))
def test_every_code_has_a_japanese_name(
    known: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KOKUHO_LANG", "ja")
    assert all(not codes.label(known, code).isascii() for code in known)
    assert codes.label(known, "?") == "?"


def test_a_document_is_kept_once(store: Store) -> None:
    add_insurer()
    with seeing([INSURER], writing=True):
        first, second, other = (
            keep_document(INSURER, "inputs", "application/json", content)
            for content in (b"{}", b"{}", b"[]")
        )
        assert first == second != other
        assert bytes(Document.objects.get(pk=other.pk).content) == b"[]"


def test_an_assessment_is_superseded_by_the_next_and_both_can_be_asked_for(store: Store) -> None:
    add_insurer()
    with seeing([INSURER], writing=True):
        when = moment()
        head = add_resident("1", when)
        household = add_household("1", when, head)
        kept = keep_document(INSURER, "inputs", "application/json", b"{}")

        def assessed(total: int, reason: str) -> Assessment:
            return Assessment(
                household=household, valid_from=YEAR[0], valid_to=YEAR[1], payer=head,
                reason=reason, decided_on=date(2026, 7, 1), reduction=0, medical=total,
                total=total, law=kept, ordinance=kept, inputs=kept, made_with="0.1.0",
            )  # fmt: skip

        record(when, [assessed(100, "initial")])
        later = moment()
        record(later, [assessed(80, "change")])
        assert Assessment.objects.known().of_year(2026).get().total == 80
        assert Assessment.objects.known(when.recorded_at).of_year(2026).get().total == 100
        assert not Assessment.objects.known().of_year(2025).exists()
