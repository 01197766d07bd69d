"""The columns of the persons and households files (docs/formats.md is made from them)."""

from __future__ import annotations

from datetime import date

from kokuho.tables import CODES, Column

LARGEST = 3_000_000_000
"""30億円: above it a single income is taken for a mistake; the levy is at its cap long before."""

EARLIEST = date(1890, 1, 1)
"""Older than anybody who lives: an earlier date is a mistake."""

DECLARED = {
    "declared": ("申告済", "申告", "有"),
    "dependant": ("扶養", "被扶養", "申告者の扶養"),
    "not_required": ("申告不要", "不要"),
    "undeclared": ("未申告", "無"),
}


def _key(name: str, title: str, *aliases: str) -> Column:
    return Column(name, "text", title, required=True, aliases=aliases)


def _yen(name: str, title: str, help: str = "", *aliases: str, low: int = 0) -> Column:
    return Column(
        name, "yen", title, help, default=0, minimum=low, maximum=LARGEST, aliases=aliases
    )


def _income(name: str, title: str, help: str = "") -> Column:
    return Column(name, "yen", title, help, nullable=True, minimum=0, maximum=LARGEST)


def _date(name: str, title: str, help: str = "") -> Column:
    return Column(
        name, "date", title, help, nullable=True, minimum=EARLIEST, maximum=date(2199, 12, 31)
    )


KEYS = (
    _key("insurer_code", "保険者コード", "保険者番号"),
    _key("household_id", "世帯番号", "世帯コード"),
)

PERSONS: tuple[Column, ...] = (
    *KEYS,
    _key("person_id", "宛名番号", "個人コード"),
    Column("head", "yes_no", "世帯主", "head of the household, insured or not", required=True),
    Column("insured", "yes_no", "被保険者", "insured in the year", required=True),
    Column(
        "declared",
        "choice",
        "申告の状態",
        "declaration: declared, a declarer's dependant, not required, undeclared",
        default="declared",
        choices=DECLARED,
        aliases=("申告",),
    ),
    Column(
        "birth_date",
        "partial_date",
        "生年月日",
        "unknown day or month as 00, as long as it does not decide the levy",
        required=True,
        minimum=EARLIEST,
        maximum=date(2199, 12, 31),
    ),
    Column(
        "sex",
        "choice",
        "性別",
        nullable=True,
        choices={"M": ("男", "男性"), "F": ("女", "女性"), "X": ("不明", "その他")},
    ),
    Column("nationality", "text", "国籍", "ISO 3166-1 alpha-3", nullable=True),
    Column("residence_status", "text", "在留資格", nullable=True),
    _income("salary_revenue", "給与収入", "before the employment income deduction"),
    _income("salary_income", "給与所得", "after it; agrees with the revenue if both are given"),
    _income("pension_revenue", "公的年金等収入", "before the pension deduction"),
    _income("pension_income", "公的年金等所得", "after it"),
    _yen("business", "営業等所得", "may be negative", "営業所得", "事業所得", low=-LARGEST),
    _yen("farming", "農業所得", "may be negative", low=-LARGEST),
    _yen("real_estate", "不動産所得", "may be negative", low=-LARGEST),
    _yen("interest", "利子所得"),
    _yen("dividend", "配当所得"),
    _yen("transfer_short", "総合譲渡短期", "after the 500,000-yen deduction"),
    _yen("transfer_long", "総合譲渡長期", "after it, before halving"),
    _yen("occasional", "一時所得", "after its 500,000-yen deduction, before halving"),
    _yen("miscellaneous", "雑所得", "other than public pensions"),
    _yen("separate_transfer_short", "分離譲渡短期", "before the special deduction"),
    _yen("separate_transfer_long", "分離譲渡長期", "before the special deduction"),
    _yen("separate_transfer_deduction", "分離譲渡特別控除"),
    _yen("shares", "株式等譲渡所得"),
    _yen("listed_dividend", "上場株式等配当所得"),
    _yen("futures", "先物取引所得"),
    _yen("forestry", "山林所得"),
    _yen("retirement", "退職所得", "in neither definition of income"),
    _yen(
        "family_worker_salary",
        "専従者給与",
        "received by this person, contained in the salary revenue",
    ),
    _yen(
        "family_worker_deduction",
        "専従者控除",
        "deducted by this owner: 専従者控除, and 専従者給与 paid",
    ),
    _yen("adjustment_deduction", "所得金額調整控除"),
    _yen("loss_carried_over", "繰越損失", "純損失等"),
    _yen("casualty_loss_carried_over", "雑損失の繰越控除"),
    _yen("other_income", "その他の所得"),
    _yen("asset_tax", "固定資産税額", "land and buildings, without 都市計画税"),
    _date("joined_on", "資格取得日", "empty: since before the year"),
    _date("left_on", "資格喪失日", "empty: none; not needed at 75"),
    _date("involuntary_unemployment_from", "離職日の翌日", "特例対象被保険者等"),
    _date("maternity_from", "産前産後免除開始月", "any day of the first exempt month"),
    Column("maternity_months", "count", "産前産後免除月数", default=0, minimum=0, maximum=6),
    _date("former_dependant_from", "旧被扶養者取得日", "day of acquisition, if relieved"),
    Column(
        "per_capita_exemption",
        "fraction",
        "均等割減免割合",
        "a decision for this person: fraction of the unreduced amount",
        default=0,
    ),
)

HOUSEHOLDS: tuple[Column, ...] = (
    *KEYS,
    Column("same_household_elders", "count", "特定同一世帯所属者数", default=0, minimum=0,
           maximum=20),
    _yen("elders_income", "特定同一世帯所属者の所得", "their judged income"),
    Column("elders_earners", "count", "特定同一世帯所属者の給与所得者等数", default=0, minimum=0,
           maximum=20),
    _date("specific_from", "特定世帯該当日"),
    Column("head_registered_on_1_january", "choice", "1月1日の住民登録",
           "of the head, in any municipality of Japan", default="unknown",
           choices={"yes": ("有", "あり"), "no": ("無", "なし"), "unknown": ("不明",)}),
    _date("head_resident_since", "世帯主の住民となった日",
          "住民となった年月日 of the head, as the resident record has it"),
    Column("preferred_language", "text", "希望言語", nullable=True),
)  # fmt: skip


def page() -> str:
    """The format page (docs/formats.md): the two files and the refusals of their rows."""
    out = [_HEAD]
    for title, columns in (("Persons", PERSONS), ("Households", HOUSEHOLDS)):
        out += [
            "",
            f"## {title}",
            "",
            "| column | 日本語 | kind | | meaning |",
            "|---|---|---|---|---|",
        ]
        for column in columns:
            names = "、".join((column.title, *column.aliases))
            need = "required" if column.required else ""
            kind = " / ".join(column.choices) if column.choices else str(column.kind)
            out.append(f"| `{column.name}` | {names} | {kind} | {need} | {column.help} |")
    out += ["", _REFUSALS, "", "| code | meaning |", "|---|---|"]
    out += [f"| `{code}` | {meaning} |" for code, meaning in CODES.items()]
    return "\n".join(out) + "\n"


_HEAD = """\
# Formats: persons and households

Made from the column definitions (`kokuho.levy.columns`); a test keeps it true. CSV in UTF-8 (with
or without byte-order mark) or CP932, XLSX (first sheet), or Parquet (typed or text). Header names
are the English or the Japanese ones, in any width and with or without 「(円)」; an unknown column
stops the file, so that no income is left out by a misspelled name. Scenarios of a forecast and
printed tables have pages of their own ([forecast](forecast.md), [check-table](check_table.md)).

| kind | accepted |
|---|---|
| text | kept as it is, blanks around it removed; full-width digits stay full-width |
| yen, count | whole numbers, also with full-width digits, separators, 円, ¥, ▲ or △ |
| date | `2026-04-01`, `2026/4/1`, `20260401`, 令和8年4月1日, `R8.4.1` |
| partial_date | the same; unknown day or month as `00` |
| yes_no | yes, no, はい, いいえ, 有, 無, ○, ×, 1, 0 |
| fraction | a decimal from 0 to 1 with at most six places |

An empty amount is 0; a salary or pension whose income is empty is computed from its revenue. An
empty date is none. A household is levied only if all of its rows are good."""

_REFUSALS = """\
## Refused rows

Each has its file, line (the header is line 1; rows of a Parquet file count from 1), column, value,
code and what was expected; `kokuho levy run` writes them to `NAME.errors.csv`. All codes:"""
