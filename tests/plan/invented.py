"""Invented plans of all kinds, and their pages as text in the layouts that papers use."""

from __future__ import annotations

from random import Random
from typing import Any

from kokuho.base.calendar import fiscal_year_name
from kokuho.plan import (
    ROWS,
    Amounts,
    CurrentDeficit,
    Declared,
    Document,
    Insurer,
    Item,
    Measure,
    Occurrence,
    Period,
    Plan,
    PlanYear,
    Policy,
    Rates,
    rates_of_years,
    sheets,
)

_PLACES = (("架空県", "見本市"), ("空想県", "例示町"), ("仮定県", "試算市"), ("架空県", "想定村"))
_MEASURES = (
    ("歳入の確保", ("保険税率の見直し", "補助金の獲得")),
    ("収納率向上対策の推進", ("口座振替の推進", "滞納整理の強化")),
    ("医療費適正化の推進", ("差額通知の継続", "点検の継続", "保健指導の実施")),
    ("資格の適正化", ("届出の勧奨",)),
)


def invent(random: Random) -> Plan:
    """A plan that holds together: full or partial, new or changed, of any start and length."""
    first, length = (
        random.randint(2018, 2027),
        random.choice((1, 2, 4, 5, 6, 6, 8, 10, 12, 18, 18, 20)),
    )
    years = range(first, first + length)
    changed = length > 3 and random.random() < 0.5
    from_year = random.choice(years[1:-1]) if changed else first
    transfers = [_amount(random) for _year in years]
    if random.random() < 0.5:
        transfers = _steps(random, length)
    advances = [0] * length
    if random.random() < 0.35:
        for at in range(random.randint(1, length)):
            advances[at] = _amount(random)
    prefecture, name = random.choice(_PLACES)
    full = random.random() < 0.7
    left = 0 if full else _amount(random)
    old_transfer = sum(transfers) + left if not changed else _amount(random) * 9
    old_advance = sum(advances) if not changed else (_amount(random) * 5 if any(advances) else 0)
    surplus = random.choice((0, 0, 1000))
    after = old_transfer + old_advance
    current = None
    if changed:
        since = from_year - first
        amount = sum(transfers[since:]) + sum(advances[since:]) + left
        current = CurrentDeficit(
            year=from_year - 1, basis="budget_estimate", amount=amount, reduced_from=from_year
        )
    plan = Plan(
        format="kokuho-plan/1",
        unit="thousand_yen",
        insurer=Insurer(prefecture=prefecture, number=str(random.randint(10, 99)), name=name),
        document=Document(
            title="国保財政健全化変更計画書" if changed else "国保財政健全化計画書",
            kind="change" if changed else "initial",
            draft=False,
            submitted_on=f"{first - 1}-{random.randint(1, 12):02}-{random.randint(1, 28):02}",
            addressee=f"{prefecture}知事",
            signatory=f"{name}長",
            source="invented.txt",
        ),
        period=Period(first_year=first, last_year=years[-1]),
        occurrence=Occurrence(
            basis="settlement",
            year=first - 2,
            other_transfer=old_transfer + surplus,
            advance_increase=old_advance,
            total=after + surplus,
            surplus=surplus,
            after_surplus=after,
        ),
        current_deficit=current,
        causes=("歳入:保険税率が低い",),
        policy=Policy(target_year=years[-1], means="歳入の確保に努め、赤字を解消する。"),
        measures=tuple(
            Measure(
                name=measure,
                amount=random.choice((500, 4_000, 12_300, 45_000, 70_000, 108_600)),
                items=tuple(Item(text=text) for text in items),
            )
            for measure, items in _MEASURES[: random.randint(2, 4)]
        ),
        years=tuple(
            PlanYear(
                year=year,
                actual="unknown",
                planned=Amounts(other_transfer=transfer, advance_increase=advance),
            )
            for year, transfer, advance in zip(years, transfers, advances, strict=True)
        ),
    )
    plan = plan.model_copy(update={"declared": declared(plan)})
    return with_rates(plan) if random.random() < 0.3 else plan


def _amount(random: Random) -> int:
    kind = random.random()
    if kind < 0.5:
        return random.randint(1, 40) * 5_000
    return random.randint(1_000, 400_000) if kind < 0.8 else random.randint(1, 300) * 1_000


def _steps(random: Random, length: int) -> list[int]:
    amounts: list[int] = []
    while len(amounts) < length:
        amounts += [random.randint(1, 20) * 5_000] * random.randint(1, 6)
    return amounts[:length]


def declared(plan: Plan) -> tuple[Declared, ...]:
    """The totals of each sheet, as a form without a mistake states them."""
    return tuple(
        Declared(
            first_year=sheet.years[0],
            last_year=sheet.years[-1],
            year_totals=sheet.amounts["total"],
            **{row: sheet.totals[row] for row in ROWS},
        )
        for sheet in sheets(plan)
    )


def with_rates(plan: Plan) -> Plan:
    """The same plan with the rates printed wherever a base is certain."""
    years = tuple(
        entry.model_copy(update={"rates": rates_of_years(plan, [entry.year])})
        for entry in plan.years
    )
    totals = tuple(
        sheet.model_copy(update={"rates": rates_of_years(plan, sheet.years)})
        for sheet in plan.declared
    )
    return plan.model_copy(update={"years": years, "declared": totals})


def pages(plan: Plan, random: Random) -> str:
    """The plan as a council paper prints it: one of three layouts a sheet, other pages around."""
    parts = ["架空の協議会資料", "", "(1) 財政健全化計画書(案)", "", "———— 資料 1", ""]
    for at in range(len(plan.declared)):
        parts += _sheet(plan, at, random.choice((_rows, _columns)), random)
    parts += ["", "別の資料", "", "年度\t被保険者数 (万人)\t割合", "令和5\t2,378 [94.8%]\t4.0", ""]
    return "\n".join(parts)


def _sheet(plan: Plan, at: int, situation: Any, random: Random) -> list[str]:
    period, document = plan.period, plan.document
    shown = plan.declared[at]
    years = shown.years
    begin, end = fiscal_year_name(period.first_year), fiscal_year_name(period.last_year)
    submitted = document.submitted_on or ""
    year, month, on = map(int, submitted.split("-"))
    day = f"{fiscal_year_name(year).removesuffix('度')}{month}月{on}日"
    ordinals = [f"第{year - period.first_year + 1}年次" for year in years]
    lines = [
        str(document.title),
        "",
        "「国民健康保険保険者の赤字削減・解消計画の策定等について」(平成30年1月29日付保国発0129第2号)",
        "に基づく赤字削減・解消計画",
        "",
        f"({begin}から{end}まで{len(period)}ヵ年計画)",
        "",
        *situation(plan),
        "\t".join(["年度別の赤字削減予定額", "計画年次", *ordinals, "合計"]),
        "\t".join(["", "年 度", *map(fiscal_year_name, years), ""]),
        *_amount_lines(plan, shown, years, random),
        "",
        "※1 国民健康保険事業の実施状況報告様式5の小計額と一致していること。",
        "※2 当該年度の繰上充用の額と、前年度の繰上充用の額の差引増加分。",
        "※3 率の場合は、赤字額又は削減すべき合計額に占める削減予定額の割合を記載する。",
        "",
        f"上記のとおり{document.title}を提出します。",
        day,
        "",
        f"{document.addressee} 殿",
        "",
        str(plan.insurer.name),
        "",
        f"{document.signatory} 架空 太郎",
        "",
    ]
    return lines


def _amount_lines(plan: Plan, shown: Declared, years: range, random: Random) -> list[str]:
    def cell(amount: int | None, rates: Rates | None, row: str) -> str:
        rate = getattr(rates, row) if rates else None
        return f"{amount:,} 千円({'' if rate is None else rate}%)"

    made = {}
    for row in ROWS:
        cells = []
        for year in years:
            entry = plan.year(year)
            assert entry is not None
            amount = entry.planned.total if row == "total" else getattr(entry.planned, row)
            cells.append(cell(amount, entry.rates, row))
        cells.append(cell(getattr(shown, row), shown.rates, row))
        made[row] = cells
    lines = [
        ["法定外繰入の 削減予定額(率) ※3", *made["other_transfer"]],
        ["繰上充用金の新規増加 分の削減予定額(率) ※3", *made["advance_increase"]],
    ]
    if random.random() < 0.5:
        lines += [["合計", *made["total"]], ["赤字削減予定額(率) ※3"]]
    else:
        lines += [["合計"], ["赤字削減予定額(率) ※3", *made["total"]]]
    return ["\t".join(line) for line in lines]


def _measure_text(plan: Plan) -> str:
    circled = "①②③④⑤⑥⑦"
    return " ".join(
        f"{number} {measure.name}【{measure.amount:,}千円】 "
        + " ".join(f"{circled[at]} {item.text}" for at, item in enumerate(measure.items))
        for number, measure in enumerate(plan.measures, start=1)
    )


def _policy_text(plan: Plan) -> str:
    current = plan.current_deficit
    first = ""
    if current is not None and current.year is not None:
        first = f"①予算推計ベースの{fiscal_year_name(current.year)}の赤字額:{current.amount:,}千円 "
    assert plan.policy.target_year is not None
    return (
        f"{first}②解消の目標年次:{fiscal_year_name(plan.policy.target_year)} "
        f"③赤字削減・解消手段の主要事項 {plan.policy.means}"
    )


def _cause_text(plan: Plan) -> tuple[str, str]:
    occurrence = plan.occurrence
    assert occurrence.surplus is not None
    return (
        f"①赤字の要因 {plan.causes[0]} ②黒字分:{occurrence.surplus:,}千円",
        f"③黒字分を差し引いた後の赤字額(合計):{occurrence.after_surplus:,}千円",
    )


def _rows(plan: Plan) -> list[str]:
    """Label and amount on one line, as the first sheet of the council paper has it."""
    occurrence, insurer = plan.occurrence, plan.insurer
    assert occurrence.year is not None
    cause, after = _cause_text(plan)
    return [
        "① 赤字の発生状況\t年度(赤字発生年度)\t"
        f"{fiscal_year_name(occurrence.year)}\t都道府県名\t\t保険者番号\t保険者名",
        f"\t\t\t{insurer.prefecture}\t{insurer.number}\t{insurer.name}\t",
        f"法定外繰入金 ※1\t\t{occurrence.other_transfer:,}千円\t{cause}\t赤字の原因\t",
        f"繰上充用金の新規増加分 ※2\t\t{occurrence.advance_increase:,}千円\t{after}\t",
        f"赤字額(合計)\t\t{occurrence.total:,}千円\t\t",
        "赤字削減・解消のための基本方針\t\t\t赤字削減・解消のための具体的な取組内容\t",
        f"{_policy_text(plan)}\t{_measure_text(plan)}\t\t",
    ]


def _columns(plan: Plan) -> list[str]:
    """Labels on one line, amounts on the next, as the other sheets have it."""
    occurrence, insurer = plan.occurrence, plan.insurer
    assert occurrence.year is not None
    cause, after = _cause_text(plan)
    return [
        f"① 赤字の発生状況\t年度(赤字発生年度)\t{fiscal_year_name(occurrence.year)}\t赤字の原因\t",
        "\t\t法定外繰入金※1\t繰上充用金の新規増加分※2\t赤字額(合計)\t保険者番号\t保険者名\t",
        f"\t\t{occurrence.other_transfer:,}千円\t{occurrence.advance_increase:,}千円\t"
        f"{occurrence.total:,}千円\t{insurer.number}\t{insurer.name}\t",
        f"\t\t{cause}\t{after}\t",
        "② 赤字削減計画\t赤字削減・解消のための基本方針\t赤字削減・解消のための具体的な取組内容\t",
        f"\t{_policy_text(plan)}\t{_measure_text(plan)}\t",
    ]
