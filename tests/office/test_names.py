"""Names and dates come back as they went in, character by character."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kokuho.base.calendar import PartialDate
from kokuho.office.register.models import Handling, Identity, ResidenceCard
from kokuho.office.store.fields import PartialDateField
from kokuho.office.store.recording import record
from kokuho.office.tenancy import seeing
from tests.office.conftest import INSURER, Store
from tests.office.people import add_insurer, add_resident, moment

NAMES = [
    "葛\U000e0100城 架空",  # a variation selector of the ideographic database (IVS)
    "辻\U000e0101 架空",
    "𠮷野 架空",  # beyond the Basic Multilingual Plane
    "𛀁 𪚲",
    "\ufa19 \ufa30 \U0002f80f",  # compatibility ideographs: normalised they would be others
    "か\u3099 が",  # decomposed and composed are two names
    "㍻ ㌔ ①",
    "Nguyễn Thị Fictitious",
    "Nguye\u0302\u0303n Thi\u0323",
    "O'Fictional; DROP TABLE--",
    " 前後に空白 ",
    "外字\ue000",
]


@pytest.fixture(autouse=True)
def _insurer(store: Store) -> None:
    add_insurer()


@pytest.mark.parametrize("name", NAMES)
def test_a_name_comes_back_character_by_character(name: str) -> None:
    with seeing([INSURER], writing=True):
        add_resident("1", moment(), kanji=name, kana=name, latin=name, common_name=name)
    with seeing([INSURER]):
        known = Identity.objects.get(kanji=name)
        assert (known.kanji, known.kana, known.latin, known.common_name) == (name,) * 4


text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text)
def test_any_text_comes_back(store: Store, name: str) -> None:
    with seeing([INSURER], writing=True):
        when = moment()
        record(
            when,
            [
                Identity(
                    resident=add_resident(str(when.pk), when), valid_from=date(2025, 1, 1),
                    birth_date="1990-01-01", kanji=name,
                )
            ],
        )  # fmt: skip
    with seeing([INSURER]):
        assert Identity.objects.known(when.recorded_at).order_by("-pk")[0].kanji == name


@pytest.mark.parametrize("day", ["1950-00-00", "1950-07-00", "1950-07-31"])
def test_a_birth_date_may_be_partial(day: str) -> None:
    with seeing([INSURER], writing=True):
        add_resident("1", moment(), birth_date=day)
    with seeing([INSURER]):
        born = Identity.objects.get().birth_date
        assert str(born) == day
        assert born == PartialDate(*map(int, day.split("-")))
        assert Identity.objects.filter(birth_date=born).exists()


def test_a_birth_date_is_read_in_any_form_and_what_is_none_is_refused() -> None:
    field = PartialDateField()
    assert str(field.get_prep_value("昭和25年7月00日")) == "1950-07-00"
    with pytest.raises(ValidationError, match="1950-13-01"):
        field.to_python("1950-13-01")


def test_a_residence_card_is_followed_by_the_next_and_both_stay_known() -> None:
    with seeing([INSURER], writing=True):
        when = moment()
        resident = add_resident("1", when)
        cards = [("AA00000001BB", 2024), ("AA00000002BB", 2025)]
        record(
            when,
            [
                ResidenceCard(resident=resident, number=number, valid_from=date(year, 6, 1))
                for number, year in cards
            ],
        )
        numbers = [
            ResidenceCard.objects.as_of(date(year, 7, 1)).get().number for _number, year in cards
        ]
        assert numbers == [number for number, _year in cards]


def test_protection_and_language_are_known_with_their_days() -> None:
    with seeing([INSURER], writing=True):
        when = moment()
        resident = add_resident("1", when)
        said = {"preferred_language": "vi", "protected": True}
        fact = Handling(resident=resident, valid_from=date(2025, 6, 1), **said)
        record(when, [fact])
        assert not Handling.objects.as_of(date(2025, 5, 31)).exists()
        assert Handling.objects.as_of(date(2025, 6, 1)).get().protected
