"""The columns of the files that are imported (docs/imports.md is made from them)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from kokuho.base.messages import japanese
from kokuho.levy.columns import DECLARED, EARLIEST, LARGEST
from kokuho.levy.columns import HOUSEHOLDS as LEVY_HOUSEHOLDS
from kokuho.levy.columns import PERSONS as LEVY_PERSONS
from kokuho.office.register import codes
from kokuho.tables import Column

_LATEST = date(2199, 12, 31)

DESIGNATIONS = {
    "medical_stay": "医療滞在(告示25号)",
    "medical_carer": "医療滞在同伴者(告示26号)",
    "long_tourism": "観光・保養(告示40号)",
    "tourism_spouse": "観光・保養の配偶者(告示41号)",
    "other": "その他の指定活動",
}
"""What the paper of 特定活動 says, as far as eligibility asks for it."""

SEX = {"M": ("男", "男性"), "F": ("女", "女性"), "X": ("不明", "その他")}


def _text(name: str, title: str, help: str = "", *aliases: str, required: bool = False) -> Column:
    return Column(
        name, "text", title, help, required=required, nullable=not required, aliases=aliases
    )


def _date(name: str, title: str, help: str = "", *, required: bool = False) -> Column:
    return Column(
        name, "date", title, help, required=required, nullable=not required,
        minimum=EARLIEST, maximum=_LATEST,
    )  # fmt: skip


def _choice(
    name: str, title: str, known: Mapping[str, str], help: str = "", *, required: bool = False
) -> Column:
    spellings = {code: (japanese("office", message),) for code, message in known.items()}
    return Column(
        name, "choice", title, help, required=required, nullable=not required, choices=spellings
    )


def _flag(name: str, title: str, help: str = "") -> Column:
    return Column(name, "yes_no", title, help, default=False)


INSURER = _text("insurer_code", "保険者コード", "", "保険者番号", required=True)
PERSON = _text("person_id", "宛名番号", "never My Number", "個人コード", required=True)
HOUSEHOLD = _text("household_id", "世帯番号", "", "世帯コード", required=True)
SINCE = _date("since", "異動日", "first day on which the row holds", required=True)
UNTIL = _date(
    "until",
    "異動終了日",
    "first day on which it holds no more; empty: the day of the next row, or none",
)
CANCELLED = _flag("cancelled", "取消", "yes: what the row said before is taken back")

RESIDENTS: tuple[Column, ...] = (
    INSURER,
    PERSON,
    SINCE,
    UNTIL,
    CANCELLED,
    _text("kanji", "氏名", "kept character by character", "漢字氏名", required=False),
    _text("kana", "氏名カナ", "", "カナ氏名"),
    _text("latin", "ローマ字氏名", "as on the residence card"),
    _text("common_name", "通称", "", "通称名"),
    _text("common_name_kana", "通称カナ"),
    Column(
        "birth_date", "partial_date", "生年月日", "unknown day or month as 00", required=True,
        minimum=EARLIEST, maximum=_LATEST,
    ),
    Column("sex", "choice", "性別", nullable=True, choices=SEX),
    _text("nationality", "国籍", "ISO 3166-1 alpha-3, or the office's own code"),
    _text("postal_code", "郵便番号"),
    _text("address", "住所"),
    _date("became_resident_on", "住民となった日"),
    _text("former_address", "前住所"),
    Column("from_abroad", "yes_no", "国外からの転入", "the former address is abroad",
           nullable=True),
    _choice("ended_by", "消除事由", codes.RESIDENCE_ENDS, "with the day of the end"),
    _text("later_address", "転出先"),
    _choice("stay_kind", "外国人住民の区分", codes.STAY_KINDS, "住民基本台帳法30条の45"),
    _text("residence_status", "在留資格", "its Japanese name"),
    Column("designation", "choice", "特定活動の内容", "of the paper (指定書)", nullable=True,
           choices={code: (name,) for code, name in DESIGNATIONS.items()}),
    _date("period_from", "在留期間の始期"),
    _date("period_to", "在留期間満了日", "empty: without end"),
    _date("extension_applied_on", "更新等申請日", "of an application that is not decided yet"),
    _text("card_number", "在留カード等番号", "two letters, eight digits, two letters"),
    _choice("card_kind", "在留カード等の種類", codes.CARD_KINDS),
    _date("card_expires_on", "在留カード等の有効期限"),
    _text("preferred_language", "希望言語", "BCP 47, such as ja, en, vi"),
    _flag("protected", "支援措置"),
)  # fmt: skip

ELDERS = tuple(
    column
    for column in LEVY_HOUSEHOLDS
    if column.name in ("same_household_elders", "elders_income", "elders_earners", "specific_from")
)
"""特定同一世帯所属者 and 特定世帯, in the row of the head."""

HOUSEHOLDS: tuple[Column, ...] = (
    INSURER,
    HOUSEHOLD,
    PERSON,
    SINCE,
    UNTIL,
    CANCELLED,
    Column("head", "yes_no", "世帯主", "head of the household, insured or not", required=True),
    _text("relationship", "続柄"),
    *ELDERS,
)

ENROLMENTS: tuple[Column, ...] = (
    INSURER,
    PERSON,
    _date("acquired_on", "資格取得日", required=True),
    _choice("acquisition_reason", "資格取得事由", codes.ACQUISITIONS, required=True),
    _date("acquisition_reported_on", "資格取得届出日"),
    _date("lost_on", "資格喪失日", "first day on which the person is no longer insured"),
    _choice("loss_reason", "資格喪失事由", codes.LOSSES),
    _date("loss_reported_on", "資格喪失届出日"),
    _flag("lost_by_authority", "職権喪失"),
    _flag("special_address", "住所地特例"),
    _text("symbol", "被保険者記号"),
    _text("number", "被保険者番号"),
    _text("branch", "枝番"),
    CANCELLED,
)

INCOME_COLUMNS = tuple(column for column in LEVY_PERSONS if column.kind == "yen")

INCOMES: tuple[Column, ...] = (
    INSURER,
    PERSON,
    Column("fiscal_year", "count", "年度", "the year that is levied (2026: 令和8年度)",
           required=True, minimum=2000, maximum=2199),
    Column("declared", "choice", "申告の状態", "as in the persons file of a levy",
           default="declared", choices=DECLARED, aliases=("申告",)),
    _flag("simple_declaration", "簡易申告", "a declaration for NHI alone"),
    _date("received_on", "申告受付日"),
    *INCOME_COLUMNS,
    CANCELLED,
)  # fmt: skip

BENEFITS: tuple[Column, ...] = (
    INSURER,
    PERSON,
    _choice("kind", "給付の種類", codes.BENEFITS, required=True),
    _date("applied_on", "申請日", required=True),
    _text("reference", "整理番号", "tells two applications of a kind apart"),
    Column("amount", "yen", "金額", nullable=True, minimum=0, maximum=100_000_000),
    _date("care_from", "診療開始日", "first day of the care that it is for, if known"),
    _text("country", "診療国", "of care abroad; ISO 3166-1 alpha-3"),
    _text("decision", "決定", "in the office's own words or codes"),
    CANCELLED,
)

DECISIONS: tuple[Column, ...] = (
    INSURER,
    _choice(
        "kind", "決定の種類", {**codes.PERSON_DECISIONS, **codes.HOUSEHOLD_DECISIONS}, required=True
    ),
    replace(PERSON, required=False, nullable=True, help="of a decision for a person"),
    replace(HOUSEHOLD, required=False, nullable=True, help="of a decision for a household"),
    _date("since", "適用開始日", "as in the persons file: 離職日の翌日, any day of the first "
          "exempt month, day of becoming a former dependant", required=True),
    _date("until", "適用終了日", "first day on which it counts no more; empty: the day of the next "
          "row, or none; of a maternity period it follows from the months"),
    Column("months", "count", "免除月数", "of a maternity period", nullable=True, minimum=1,
           maximum=6),
    Column("share", "fraction", "減免割合", "0 to 1: of the unreduced per-capita amount, or of an "
           "exemption", nullable=True),
    Column("amount", "yen", "減免額", "of an exemption", nullable=True, minimum=0, maximum=LARGEST),
    Column("answer", "choice", "有無", "of the head's registration", nullable=True,
           choices={"yes": ("有", "あり"), "no": ("無", "なし")}),
    _date("decided_on", "決定日"),
    _text("reference", "決定番号"),
    CANCELLED,
)  # fmt: skip

FILES: Mapping[str, tuple[Column, ...]] = {
    "residents": RESIDENTS,
    "households": HOUSEHOLDS,
    "enrolments": ENROLMENTS,
    "incomes": INCOMES,
    "benefits": BENEFITS,
    "decisions": DECISIONS,
}
"""The kinds of files, in the order in which they are imported, and their columns."""

KEYS: Mapping[str, tuple[str, ...]] = {
    "residents": ("insurer_code", "person_id", "since"),
    "households": ("insurer_code", "person_id", "since"),
    "enrolments": ("insurer_code", "person_id", "acquired_on"),
    "incomes": ("insurer_code", "person_id", "fiscal_year"),
    "benefits": ("insurer_code", "person_id", "kind", "applied_on", "reference"),
    "decisions": ("insurer_code", "kind", "person_id", "household_id", "since"),
}
"""What a row is known by: a corrected row has the same key."""
