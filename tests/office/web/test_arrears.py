"""The pages of arrears: the list, one household with its form, the right of a few."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from django.utils import timezone

from kokuho.arrears import Act, Promise, served_on
from kokuho.base.calendar import era_date
from kokuho.base.errors import InputError
from kokuho.office.accounts import rights, users
from kokuho.office.accounts.looks import Look
from kokuho.office.arrears.act import ActRow
from kokuho.office.arrears.recording import record
from kokuho.office.ledger.acts import grant_relief
from kokuho.office.ledger.rules import keep_ordinance
from kokuho.office.register.models import Handling, Headship, Household, Recording, Resident
from kokuho.office.store.recording import record as store_facts
from kokuho.office.tenancy import seeing
from kokuho.ordinance import OrdinanceYear
from tests.office.arrears.town import SINCE, name, open_town
from tests.office.conftest import INSURER, Store
from tests.office.ledger.offices import collecting
from tests.office.people import moment
from tests.office.web.conftest import PASSWORD, signed_in

HERE = f"/{INSURER}/arrears/foreign"


@dataclass(frozen=True)
class Town:
    """Row numbers of households by number."""

    houses: dict[str, int]

    def page(self, number: str) -> str:
        return f"/{INSURER}/households/{self.houses[number]}/arrears"


@pytest.fixture
def town(store: Store) -> Town:
    open_town()
    users.add("clerk", PASSWORD, [INSURER], "窓口　一号")
    with seeing([INSURER]):
        rows = dict(Household.objects.values_list("household_number", "pk"))
    return Town(rows)


def tell(kind: str, house: str, day: date, *terms: int, **more: object) -> Act:
    demands = tuple(name(house, term) for term in terms)
    act = Act(0, kind, day, house, demands=demands, actor="試験", **more)  # type: ignore[arg-type]
    return record(INSURER, [act])[0]


def text_of(address: str, username: str = "clerk") -> str:
    answer = signed_in(username).get(address)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_the_list_shows_each_household_with_its_reasons_and_counts(town: Town) -> None:
    page = text_of("/arrears/")
    assert "滞納整理の作業一覧" in page
    assert "督促" in page
    assert "に転出・出国しました" in page
    assert page.count('scope="row"') == 4
    assert "留学" not in page
    assert "NPL" not in page
    with seeing([INSURER]):
        assert Look.objects.filter(page="arrears").count() == 4


def test_the_list_can_be_narrowed_by_group_and_reason(town: Town) -> None:
    tell("returned_mail", "77", date(2026, 10, 1), code="reminder")
    page = text_of("/arrears/?reason=mail")
    assert page.count('scope="row"') == 1
    assert "その後の対応がありません" in page
    assert "当てはまる世帯はありません" in text_of("/arrears/?group=lost")


def test_a_household_shows_what_is_owed_its_agreement_and_every_event(town: Town) -> None:
    today = timezone.localdate()
    plan = (Promise(today, 5_000), Promise(today + timedelta(days=30), 5_000))
    tell("agreement", "77", today, 1, 2, plan=plan, text="毎月5千円")
    page = text_of(town.page("77"))
    assert "分納履行中" in page
    assert "毎月5千円" in page
    assert "時効が新たに進みます(民法152条)" in page
    assert "30,000" in page


def test_an_act_is_recorded_by_the_form_and_stands_in_the_name_of_the_user(town: Town) -> None:
    given = {"choice": "consultation/counter", "day": "R8.10.5", "text": "来月から払う"}
    answer = signed_in().post(town.page("77"), given)
    assert answer.status_code == 302
    with seeing([INSURER]):
        row = ActRow.objects.get()
    assert (row.kind, row.code, row.day, row.actor, row.text) == (
        "consultation", "counter", date(2026, 10, 5), "窓口　一号", "来月から払う",
    )  # fmt: skip
    assert "納付相談(窓口)" in text_of(town.page("77"))


def test_an_agreement_is_recorded_with_its_plan(town: Town) -> None:
    day = timezone.localdate()
    lines = "\n".join(f"{day + timedelta(days=30 * n)} 10,000円" for n in range(1, 4))
    given = {"choice": "agreement/", "day": str(day), "plan": lines, "demand": name("77", 1)}
    assert signed_in().post(town.page("77"), given).status_code == 302
    with seeing([INSURER]):
        act = ActRow.objects.get().act()
    assert [one.amount for one in act.plan] == [10_000] * 3


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({}, "何を記録するか選んでください"),
        ({"choice": "reminder/"}, "何を記録するか選んでください"),
        ({"choice": "contact/visit", "day": "昨日"}, "日付として読"),
        ({"choice": "agreement/", "plan": "毎月"}, "1行に日と金額"),
        ({"choice": "sale/deposit", "amount": "千円"}, "円の金額"),
        ({"choice": "seizure/deposit"}, "期別"),
        ({"choice": "withdrawal/", "text": "誤り", "refers": "9"}, "記録9がない"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_recorded(
    town: Town, given: dict[str, str], says: str
) -> None:
    answer = signed_in().post(town.page("77"), given)
    assert answer.status_code == 400
    page = re.sub(r"<[^>]+>", "", answer.content.decode())
    assert says in page
    with seeing([INSURER]):
        assert not ActRow.objects.exists()


def test_nobody_sees_the_foreign_list_without_the_right_and_each_look_is_kept(town: Town) -> None:
    assert signed_in().get(HERE).status_code == 403
    assert "外国人世帯主の世帯の滞納" not in text_of("/arrears/")
    rights.allow("clerk", rights.FOREIGN_ARREARS, INSURER, actor="係長")
    page = text_of(HERE)
    assert "留学" in page
    assert "10.00%" not in page
    assert page.count("世帯数が少ない") == 2
    with seeing([INSURER]):
        looked = Look.objects.filter(page="arrears_foreign")
        numbers = set(looked.values_list("resident__address_number", flat=True))
    # 77 is Japanese; nobody that was not shown is in the log
    assert numbers == {"1078", "1079", "1080"}
    assert rights.deny("clerk", rights.FOREIGN_ARREARS, INSURER, actor="係長")
    assert signed_in().get(HERE).status_code == 403
    assert rights.Grant.objects.get().revoked_by == "係長"


def test_being_in_touch_is_as_visible_as_being_unpaid(town: Town) -> None:
    rights.allow("clerk", rights.FOREIGN_ARREARS, INSURER, actor="係長")
    today = timezone.localdate()
    tell("deferral", "78", today, 1, 2, 3, until=today + timedelta(days=90),
         code="sale_on_request")  # fmt: skip
    tell("consultation", "79", today, code="telephone")
    page = text_of(HERE)
    for state in ("猶予中", "相談中", "未納"):
        assert f'<strong class="state">{state}</strong>' in page
    figures = re.findall(r"<strong>(\d)</strong> 世帯<small>([\d,]+) 円", page)
    # 猶予中、分納履行中、相談中、未納: side by side, also where there is none
    assert figures == [("1", "90,000"), ("0", "0"), ("1", "90,000"), ("1", "90,000")]
    assert text_of(f"{HERE}?state=deferred").count('class="state"') == 1


def test_the_foreign_list_speaks_in_words_and_tells_periods_contacts_and_deferrals(
    town: Town,
) -> None:
    rights.allow("clerk", rights.FOREIGN_ARREARS, INSURER, actor="係長")
    today = timezone.localdate()
    held = tell("deferral", "78", today - timedelta(days=9), 1, 2, 3, code="sale_on_request",
                until=today + timedelta(days=90))  # fmt: skip
    tell("contact", "78", today, code="visit")
    words = re.sub(r"<[^>]+>|\s+", " ", text_of(HERE))
    for said in ("ネパール", "ベトナム", "留学", f"期間 {era_date(date(2027, 1, 15))}まで",
                 "1期", "30,000", f"{era_date(today + timedelta(days=90))} まで"):  # fmt: skip
        assert said.replace(" ", "") in words.replace(" ", ""), said
    assert "NPL" not in words
    tell("withdrawal", "78", today, refers=held.number, text="誤り")
    assert f"{era_date(today + timedelta(days=90))}まで" not in text_of(HERE)


def test_who_left_and_heads_no_household_any_more_is_still_on_the_list(town: Town) -> None:
    rights.allow("clerk", rights.FOREIGN_ARREARS, INSURER, actor="係長")
    with seeing([INSURER], writing=True):
        when: Recording = moment(INSURER)
        held = Headship.objects.get(household__household_number="80")
        ended = Headship(household=held.household, head=held.head, valid_from=SINCE,
                         valid_to=date(2026, 10, 20))  # fmt: skip
        store_facts(when, [ended])
    page = text_of(HERE)
    assert "世帯 80" in page
    assert f"{era_date(date(2026, 10, 20))} 転出等" in page


def test_a_count_of_few_households_is_a_look_at_each_of_them(town: Town) -> None:
    rights.allow("clerk", rights.FOREIGN_ARREARS, INSURER, actor="係長")
    text_of(f"{HERE}?by=status&state=seized")
    with seeing([INSURER]):
        looked = Look.objects.filter(page="arrears_foreign")
        numbers = set(looked.values_list("resident__address_number", flat=True))
    assert numbers == {"1078", "1079", "1080"}


@pytest.mark.parametrize("by", ["foreign", "nationality", "status", "years", "age"])
def test_counts_can_be_grouped_and_name_their_definition(town: Town, by: str) -> None:
    rights.allow("clerk", rights.FOREIGN_ARREARS, INSURER, actor="係長")
    page = text_of(f"{HERE}?by={by}")
    assert "収納率 = 外国人世帯主の世帯に係る収納金額" in page
    assert "270,000" in page


def test_a_right_is_for_known_users_of_the_insurer(town: Town) -> None:
    users.add("idle", PASSWORD, [])
    with pytest.raises(InputError, match="担当していません"):
        rights.allow("idle", rights.FOREIGN_ARREARS, INSURER, actor="係長")
    with pytest.raises(InputError, match="権限 everything はありません"):
        rights.allow("clerk", "everything", INSURER, actor="係長")
    with pytest.raises(InputError, match="利用者 nobody"):
        rights.deny("nobody", rights.FOREIGN_ARREARS, INSURER, actor="係長")
    assert not rights.deny("clerk", rights.FOREIGN_ARREARS, INSURER, actor="係長")


def test_the_household_page_says_how_its_arrears_stand(town: Town) -> None:
    tell("contact", "77", date(2026, 10, 1), code="visit")
    page = text_of(f"/{INSURER}/households/{town.houses['77']}")
    assert "滞納の状況" in page
    assert f"{era_date(date(2026, 10, 1))} 接触" in page
    assert "納期限を過ぎた未納はありません" in text_of(
        f"/{INSURER}/households/{town.houses['77']}?valid=2026-07-20"
    )


def test_the_page_says_when_a_notice_counts_as_served_and_the_last_contact(town: Town) -> None:
    notice, last = date(2026, 10, 1), date(2026, 10, 9)
    tell("public_notice", "77", notice, code="reminder")
    tell("contact", "77", last, code="visit")
    page = text_of(town.page("77"))
    assert f"{era_date(served_on(notice))} に送達されたものとみなします" in page
    assert f"接触・相談 1 回　最後は {era_date(last)} 接触" in page


def test_the_sending_address_of_a_protected_person_is_not_shown(town: Town) -> None:
    tell("sending_address", "77", date(2026, 10, 1), text="架空県例示市9番地")
    assert "架空県例示市9番地" in text_of(town.page("77"))
    with seeing([INSURER], writing=True):
        head = Resident.objects.get(address_number="1077")
        when: Recording = moment(INSURER)
        store_facts(when, [Handling(resident=head, valid_from=SINCE, protected=True)])
    page = text_of(town.page("77"))
    assert "架空県例示市9番地" not in page
    assert "支援措置" in page


def test_a_deferral_that_the_ledger_refuses_is_told_and_not_recorded(town: Town) -> None:
    today = timezone.localdate()
    first = today - timedelta(days=30)
    with seeing([INSURER], writing=True):
        data = collecting().model_dump(mode="json")
        data["collection"]["interest"]["waived"] = {"collection_disaster": "full"}
        keep_ordinance(INSURER, OrdinanceYear.model_validate(data))
    grant_relief(INSURER, "減免1", name("77", 1), first + timedelta(days=5), today, "full",
                 posted_on=today, actor="試験")  # fmt: skip
    form = {
        "choice": "deferral/collection_disaster", "day": era_date(first),
        "until": era_date(today), "demand": [name("77", 1)],
    }  # fmt: skip
    answer = signed_in("clerk").post(town.page("77"), form)
    assert answer.status_code == 400
    assert "延滞金の減免の期間が重なります" in answer.content.decode()
    with seeing([INSURER]):
        assert not ActRow.objects.exists()


def test_without_the_rates_of_a_year_the_page_shows_the_principal_and_what_is_missing(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda *_any: date(2027, 1, 10))
    page = text_of(town.page("77"))
    assert "今日納める場合の延滞金は計算できません" in page
    assert "2027 年" in page
    assert page.count(">不明</td>") == 3
    assert page.count(">30,000</td>") >= 3
    assert "滞納整理の作業一覧" in text_of("/arrears/")
    assert "時効" in text_of(town.page("78"))
    house = text_of(town.page("77").removesuffix("/arrears"))
    assert "滞納" in house
