"""Broken ordinance files: each is refused with its place, its line, what is expected."""

from __future__ import annotations

from pathlib import Path

import pytest

from kokuho.base.errors import OrdinanceError
from kokuho.ordinance import Finding, examine, load
from kokuho.ordinance.findings import errors

SOUND = """\
insurer:
  code: "990019"
  name: 架空市
  prefecture: 架空県
  municipality_code: "990019"
  kind: premium
fiscal_years:
  2026:
    source: https://example.jp/kokuho
    retrieved: 2026-11-24
    status: compared
    parts:
      medical: {income_rate: "0.07", per_capita: 30000, cap: 650000}
      support: {income_rate: "0.025", per_capita: 12000, cap: 250000}
      care: {income_rate: "0.021", per_capita: 14000, cap: 170000}
      child: {income_rate: "0.003", per_capita: 1800, per_capita_adult: 97, cap: 30000}
    rounding: {part: 100}
    exemptions:
      - {kind: under_18_per_capita, cut: "0.5"}
    terms:
      - {number: 1, due: "07-end"}
      - {number: 2, due: "12-25"}
    prepayment: {adopted: false}
"""
YEAR = "fiscal_years.2026"
ADOPTED = """prepayment:
      adopted: true
      first_fiscal_year: 2026
      reference_date: 2026-01-01
      second_year: not_subject
      due_date: {rule: end_of_following_month}
      minimum_notice_days: 10
      special_circumstances: []
      increase: ordinary_terms
      retroactive_years: not_included
      legal_text_reference: 架空市国民健康保険条例 第○条"""


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOKUHO_LANG", "en")


def broken(tmp_path: Path, old: str, new: str, text: str = SOUND) -> Path:
    assert old in text, f"the sound file has no {old!r}"
    path = tmp_path / "ordinance.yaml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


def findings_of(path: Path) -> list[Finding]:
    return errors(examine(path)[1])


def test_the_sound_file_has_no_finding_at_all(tmp_path: Path) -> None:
    path = broken(tmp_path, "", "")
    assert examine(path)[1] == []
    assert load(path).year(2026).parts["medical"].income_ppm == 70_000


CASES = [
    # keys
    ("name: 架空市", "nmae: 架空市", "unknown_key", "insurer.nmae", "name"),
    ("  name: 架空市\n", "", "missing_key", "insurer.name", "name"),
    ("rounding: {part: 100}", "rounding: {}", "missing_key", f"{YEAR}.rounding.part", "part"),
    ("    source: https://example.jp/kokuho\n", "", "missing_key", f"{YEAR}.source", "source"),
    ("    retrieved: 2026-11-24\n", "", "missing_key", f"{YEAR}.retrieved", "retrieved"),
    ("care: {", "nursing: {", "unknown_key", f"{YEAR}.parts.nursing", "care"),
    ("per_capita_adult: 97, ", "", "missing_key", f"{YEAR}.parts.child.per_capita_adult", "adult"),
    ("2026:", "R8:", "year_key", "fiscal_years.R8", "2026"),
    ("kind: premium", "kind: premium\n  kind: tax", "duplicate_key", "", "line 6"),
    ("30000, cap", "30,000, cap", "unknown_key", f"{YEAR}.parts.medical.0", "cap"),
    # values
    ('"0.07"', "0.07", "rate_not_text", f"{YEAR}.parts.medical.income_rate", '"0.07" in quotes'),
    ('"0.07"', "7", "rate_not_text", f"{YEAR}.parts.medical.income_rate", '"0.07"'),
    ('"0.07"', '"7%"', "rate_invalid", f"{YEAR}.parts.medical.income_rate", '"0.07"'),
    ('"0.07"', '"7"', "rate_invalid", f"{YEAR}.parts.medical.income_rate", '"0.07"'),
    ('"0.07"', '"0.0000001"', "rate_invalid", f"{YEAR}.parts.medical.income_rate", "six decimals"),
    ('"0.07"', '"0,07"', "rate_invalid", f"{YEAR}.parts.medical.income_rate", "fraction of 1"),
    ('"0.07"', '"０.０７"', "rate_invalid", f"{YEAR}.parts.medical.income_rate", "fraction of 1"),
    ('"0.07"', "", "rate_invalid", f"{YEAR}.parts.medical.income_rate", "fraction of 1"),
    ("30000, cap", '"30000", cap', "not_whole", f"{YEAR}.parts.medical.per_capita", "31000"),
    ("30000, cap", "30000.0, cap", "not_whole", f"{YEAR}.parts.medical.per_capita", "31000"),
    ("30000, cap", "true, cap", "not_whole", f"{YEAR}.parts.medical.per_capita", "31000"),
    ("30000, cap", "-1, cap", "out_of_range", f"{YEAR}.parts.medical.per_capita", "from 0"),
    ("kind: premium", "kind: fee", "not_choice", "insurer.kind", "tax, premium"),
    ("part: 100", "part: 50", "not_choice", f"{YEAR}.rounding.part", "1, 10, 100"),
    ("part: 100", "part: true", "not_choice", f"{YEAR}.rounding.part", "1, 10, 100"),
    ("part: 100", 'part: "100"', "not_choice", f"{YEAR}.rounding.part", "1, 10, 100"),
    ('code: "990019"', "code: 042072", "not_text", "insurer.code", '"042072"'),
    (
        'lity_code: "990019"',
        'lity_code: "99001"',
        "bad_pattern",
        "insurer.municipality_code",
        "six",
    ),
    ("name: 架空市", 'name: ""', "empty_text", "insurer.name", "text"),
    ("2026-11-24", "2026-11-31", "not_date", f"{YEAR}.retrieved", "2026-04-01"),
    ("2026-11-24", "20261124", "not_date", f"{YEAR}.retrieved", "2026-04-01"),
    ("adopted: false", "adopted: 0", "not_yes_no", f"{YEAR}.prepayment.adopted", "true or false"),
    ("rounding: {part: 100}", "rounding: 100", "wrong_shape", f"{YEAR}.rounding", "keys"),
    # the insurer
    (
        'lity_code: "990019"',
        'lity_code: "990018"',
        "check_digit",
        "insurer.municipality_code",
        "19",
    ),
    (
        'lity_code: "990019"',
        'lity_code: "132101"',
        "prefecture_mismatch",
        "insurer.prefecture",
        "東",
    ),
    (
        'lity_code: "990019"',
        'lity_code: "500003"',
        "no_such_prefecture",
        "insurer.municipality_code",
        "47",
    ),
    # the law of the year
    ("2026:", "2017:", "year_not_in_law", "fiscal_years.2017", "law"),
    ("cap: 650000", "cap: 670001", "cap_above_national", f"{YEAR}.parts.medical.cap", "670,000"),
    ("2026:", "2025:", "part_not_in_year", "fiscal_years.2025.parts.child", "child"),
    (
        '      care: {income_rate: "0.021", per_capita: 14000, cap: 170000}\n',
        "",
        "part_missing",
        f"{YEAR}.parts.care",
        "unconfirmed_parts: [care]",
    ),
    (
        "per_capita: 14000",
        "per_capita: 14000, per_capita_adult: 97",
        "adult_outside_child",
        f"{YEAR}.parts.care.per_capita_adult",
        "child",
    ),
    (
        "    rounding:",
        "    unconfirmed_parts: [care]\n    rounding:",
        "confirmed_and_not",
        f"{YEAR}.unconfirmed_parts",
        "care",
    ),
    # rounding and months
    ("kind: premium", "kind: tax", None, "", ""),
    (
        "{part: 100}",
        "{part: 10, reduction_unit: 10}",
        "unit_without_amount",
        f"{YEAR}.rounding",
        "1",
    ),
    (
        "{part: 100}",
        "{part: 1, income_mode: half_up}",
        "needs_per_person",
        f"{YEAR}.rounding",
        "per_",
    ),
    (
        "{part: 100}",
        "{part: 1, income_mode: {care: half_up}}",
        "needs_per_person",
        f"{YEAR}.rounding",
        "per_person",
    ),
    (
        "{part: 100}",
        "{part: 100, person: 100, income_component: per_household}",
        "needs_per_person",
        f"{YEAR}.rounding",
        "per_person",
    ),
    (
        "{part: 100}",
        "{part: 100}\n    months: {order: divide_first}",
        "needs_per_person",
        YEAR,
        "per_person",
    ),
    (
        "{part: 100}",
        "{part: 1, income_mode: ceil}",
        "not_choice",
        f"{YEAR}.rounding.income_mode",
        "half",
    ),
    # exemptions and instalments
    ('cut: "0.5"', 'cut: "0"', "exemption_empty", f"{YEAR}.exemptions[0].cut", "above 0"),
    (
        'under_18_per_capita, cut: "0.5"',
        'preschool_per_capita, cut: "0.4"',
        "exemption_below_statutory",
        f"{YEAR}.exemptions[0].cut",
        "1/2",
    ),
    (
        "    terms:",
        '      - {kind: under_18_per_capita, cut: "1"}\n    terms:',
        "exemption_twice",
        YEAR,
        "one cut",
    ),
    ('"07-end"', '"07-32"', "due_invalid", f"{YEAR}.terms[0].due", "07-end"),
    ('"07-end"', "2027-06-01", "due_out_of_year", f"{YEAR}.terms[0].due", "2027-05-31"),
    ('"12-25"', '"07-15"', "term_order", f"{YEAR}.terms[1].due", "later"),
    ('"12-25"', '"02-29"', "due_invalid", f"{YEAR}.terms[1].due", "07-end"),
    ("number: 2", "number: 3", "term_order", f"{YEAR}.terms[1].number", "1, 2, 3"),
    ("number: 2", "number: 0", "out_of_range", f"{YEAR}.terms[1].number", "1 to 24"),
]


@pytest.mark.parametrize(("old", "new", "code", "place", "fragment"), CASES)
def test_a_broken_file_is_named_with_its_place(
    tmp_path: Path, old: str, new: str, code: str | None, place: str, fragment: str
) -> None:
    found = findings_of(broken(tmp_path, old, new))
    if code is None:
        assert found == []
        return
    first = next((one for one in found if one.code == code), None)
    assert first is not None, [(one.code, one.place) for one in found]
    assert first.place == place
    assert fragment in first.expected
    assert first.line is not None
    with pytest.raises(OrdinanceError, match="cannot be used as an ordinance") as refused:
        load(tmp_path / "ordinance.yaml")
    assert "ordinance.yaml" in str(refused.value)
    assert first.expected in str(refused.value)
    assert "pydantic" not in str(refused.value)


def test_a_tax_with_ten_yen_parts_is_against_the_law(tmp_path: Path) -> None:
    text = SOUND.replace("kind: premium", "kind: tax")
    [found] = findings_of(broken(tmp_path, "{part: 100}", "{part: 10}", text))
    assert (found.code, found.place) == ("tax_rounding", f"{YEAR}.rounding.part")
    assert "地方税法20条の4の2" in found.rule


def test_the_national_cap_of_its_own_year_is_compared(tmp_path: Path) -> None:
    old_year = SOUND.replace("2026:", "2019:").replace('      child: {income_rate: "0.003", ', "@@")
    old_year = "".join(line for line in old_year.splitlines(True) if "@@" not in line)
    path = broken(tmp_path, "cap: 650000", "cap: 610000", old_year)
    assert [one.place for one in findings_of(path)] == [
        "fiscal_years.2019.parts.support.cap",
        "fiscal_years.2019.parts.care.cap",
    ]


def test_everything_is_said_at_once_form_and_law(tmp_path: Path) -> None:
    text = SOUND.replace('lity_code: "990019"', 'lity_code: "990018"')
    second_year = text[text.index("  2026:") :].replace("2026:", "2025:", 1)
    path = broken(tmp_path, '"0.07"', "0.07", text + second_year.replace("cap: 170000", "cap: 1"))
    codes = {one.code for one in findings_of(path)}
    assert codes == {"rate_not_text", "check_digit", "part_not_in_year"}


def test_an_adopted_prepayment_with_everything_stated_is_sound(tmp_path: Path) -> None:
    path = broken(tmp_path, "prepayment: {adopted: false}", ADOPTED)
    assert findings_of(path) == []
    assert load(path).year(2026).prepayment.minimum_notice_days == 10


@pytest.mark.parametrize(
    "setting",
    [
        "first_fiscal_year",
        "reference_date",
        "second_year",
        "due_date",
        "minimum_notice_days",
        "special_circumstances",
        "increase",
        "retroactive_years",
        "legal_text_reference",
    ],
)
def test_an_adopted_prepayment_without_a_setting_is_refused_by_name(
    tmp_path: Path, setting: str
) -> None:
    lines = [line for line in ADOPTED.splitlines() if not line.strip().startswith(setting)]
    path = broken(tmp_path, "prepayment: {adopted: false}", "\n".join(lines))
    [found] = findings_of(path)
    assert (found.code, found.place) == ("prepayment_missing", f"{YEAR}.prepayment.{setting}")


def test_prepayment_before_fiscal_year_2026_is_refused(tmp_path: Path) -> None:
    text = SOUND.replace("2026:", "2025:").replace("      child:", "      #child:")
    path = broken(tmp_path, "prepayment: {adopted: false}", ADOPTED, text)
    assert [one.code for one in findings_of(path)] == ["prepayment_too_early"]


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ("{rule: days_after_notice}", "due_days"),
        ("{rule: end_of_notice_month, days: 20}", "due_days"),
        ("{rule: days_after_notice, days: 9}", "due_before_notice"),
    ],
)
def test_a_prepayment_due_date_that_cannot_be_kept_is_refused(
    tmp_path: Path, rule: str, code: str
) -> None:
    adopted = ADOPTED.replace("{rule: end_of_following_month}", rule)
    path = broken(tmp_path, "prepayment: {adopted: false}", adopted)
    assert [one.code for one in findings_of(path)] == [code]


def test_an_ordinance_that_asks_for_prepayment_later_does_not_ask_for_it_now(
    tmp_path: Path,
) -> None:
    later = ADOPTED.replace("first_fiscal_year: 2026", "first_fiscal_year: 2027")
    path = broken(tmp_path, "prepayment: {adopted: false}", later)
    assert [one.code for one in findings_of(path)] == ["prepayment_later"]


BILLING = """billing:
      instalment_unit: 100
      minimum_notice_days: 14
      closed_days: ["06-23"]
      provisional: {terms: 1}
      out_of_term: {due: {rule: days_after_notice, days: 20}, instalments: 2}
      pension:
        year_of_75: pension
        first_year: {ordinary_terms: 1, ordinary_share: "0.5"}
        increase: stop
      payment_agent: allowed
    prepayment: {adopted: false}"""


def test_everything_on_bills_can_be_stated(tmp_path: Path) -> None:
    path = broken(tmp_path, "prepayment: {adopted: false}", BILLING)
    assert findings_of(path) == []
    stated = load(path).year(2026).billing
    assert (stated.instalment_unit, stated.closed_days) == (100, ("06-23",))
    assert stated.provisional is not None
    assert stated.provisional.basis == "previous_share"
    assert stated.pension.increase == "stop"


def test_nothing_on_bills_need_be_stated(tmp_path: Path) -> None:
    path = broken(tmp_path, "insurer:", "insurer:")
    stated = load(path).year(2026).billing
    assert stated.instalment_unit is None
    assert stated.out_of_term is None
    assert stated.pension.year_of_75 == "ordinary"


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("instalment_unit: 100", "instalment_unit: 50", "not_choice"),
        ("instalment_unit: 100", "instalment_unit: true", "not_choice"),
        ("minimum_notice_days: 14", "minimum_notice_days: 0", "out_of_range"),
        ('"06-23"', '"06-31"', "not_month_day"),
        ('"06-23"', "0623", "not_month_day"),
        ("{terms: 1}", "{terms: 2}", "too_many_terms"),
        ("{terms: 1}", "{terms: 1, basis: guess}", "not_choice"),
        ("days: 20}", "days: 0}", "out_of_range"),
        (", days: 20", "", "due_days"),
        ("instalments: 2", "instalments: 25", "out_of_range"),
        ("ordinary_terms: 1", "ordinary_terms: 2", "too_many_terms"),
        ('ordinary_share: "0.5"', 'ordinary_share: "1"', "share_whole"),
        ('ordinary_share: "0.5"', "ordinary_share: 0.5", "rate_not_text"),
        ("increase: stop", "increase: maybe", "not_choice"),
        ("payment_agent: allowed", "payment_agent: true", "not_choice"),
        ("payment_agent:", "tax_agent:", "unknown_key"),
    ],
)
def test_a_wrong_setting_on_bills_is_a_finding(
    tmp_path: Path, old: str, new: str, code: str
) -> None:
    assert old in BILLING
    changed = BILLING.replace(old, new)
    path = broken(tmp_path, "prepayment: {adopted: false}", changed)
    assert [one.code for one in findings_of(path)] == [code]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("", "not_a_mapping"),
        ("just text", "not_a_mapping"),
        ("- insurer", "not_a_mapping"),
        ("insurer: {name: [}", "not_yaml"),
        ("insurer:\n\tname: x", "not_yaml"),
        ("insurer: !!int x", "not_yaml"),
        ("insurer: &a [*a]", "wrong_shape"),
        ("{}", "missing_key"),
        ("fiscal_years: {}", "missing_key"),
    ],
)
def test_a_file_that_is_no_ordinance_at_all_is_a_finding(
    tmp_path: Path, content: str, code: str
) -> None:
    path = tmp_path / "ordinance.yaml"
    path.write_text(content, encoding="utf-8")
    assert code in [one.code for one in findings_of(path)]


def test_a_file_that_is_not_there_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(OrdinanceError, match=r"nowhere\.yaml: cannot be read"):
        load(tmp_path / "nowhere.yaml")


def test_a_file_saved_as_cp932_is_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "cp932.yaml"
    path.write_bytes(SOUND.encode("cp932"))
    with pytest.raises(OrdinanceError, match="UTF-8"):
        load(path)


def test_a_file_with_a_byte_order_mark_and_a_json_file_are_read(tmp_path: Path) -> None:
    import json

    import yaml

    marked = tmp_path / "marked.yaml"
    marked.write_bytes(b"\xef\xbb\xbf" + SOUND.encode())
    as_json = tmp_path / "ordinance.json"
    as_json.write_text(json.dumps(yaml.safe_load(SOUND), default=str), encoding="utf-8")
    assert load(marked) == load(as_json)


COLLECTION = """collection:
      interest: {first_band_months: 3}
      reminder_fee: 100
      allocation: {order: [principal, fee, interest]}
    prepayment: {adopted: false}"""


@pytest.mark.parametrize(
    ("old", "new", "code", "place"),
    [
        ("months: 3", "months: 13", "out_of_range", "interest.first_band_months"),
        ("months: 3", "months: three", "not_whole", "interest.first_band_months"),
        ("{first_band_months: 3}", "{}", "missing_key", "interest.first_band_months"),
        ("fee: 100", "fee: -1", "out_of_range", "reminder_fee"),
        ("[principal, fee, interest]", "[principal, fee]", "allocation_order", "allocation"),
        ("fee, interest]", "fee, costs]", "not_choice", "allocation.order[2]"),
        ("interest]}", "interest], excess: kept}", "not_choice", "allocation.excess"),
    ],
)
def test_how_receipts_are_handled_is_refused_where_it_cannot_be_meant(
    old: str, new: str, code: str, place: str, tmp_path: Path
) -> None:
    text = SOUND.replace("prepayment: {adopted: false}", COLLECTION)
    assert findings_of(broken(tmp_path, "", "", text)) == []
    [found] = findings_of(broken(tmp_path, old, new, text))
    assert (found.code, found.place) == (code, f"{YEAR}.collection.{place}")


def test_a_tax_is_paid_before_its_interest_and_a_premium_as_the_ordinance_says(
    tmp_path: Path,
) -> None:
    text = SOUND.replace("prepayment: {adopted: false}", COLLECTION)
    text = text.replace("[principal, fee, interest]", "[interest, principal, fee]")
    assert findings_of(broken(tmp_path, "", "", text)) == []
    [found] = findings_of(broken(tmp_path, "kind: premium", "kind: tax", text))
    assert found.code == "principal_first"
    assert "20条の9の4" in found.rule
