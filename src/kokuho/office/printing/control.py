"""The control list of a batch (管理表): every paper as a row, and a cover with counts and totals.

Whom 支援措置 protects stands in it without name and place, as the list is handed on to printers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from kokuho.base.calendar import era_date
from kokuho.forms.papers import KINDS, LANGUAGES
from kokuho.forms.render import render_pdf
from kokuho.office.jobs.runs import Run
from kokuho.office.printing.record import Planned, Printed
from kokuho.office.printing.states import PRINT, STATES, state_name

HIDDEN = "非表示"

COLUMNS = (
    "place", "file", "page", "pages", "postal_code", "payer", "household", "languages", "amount",
    "reference", "state", "reason",
)  # fmt: skip
"""The columns of the list; see docs/printing.md."""


@dataclass(frozen=True)
class Control:
    """The rows of the list in their order, and the figures of the cover."""

    rows: tuple[tuple[Any, ...], ...]
    figures: dict[str, Any]

    def frame(self) -> pl.DataFrame:
        """The list as a table."""
        return pl.DataFrame(
            list(self.rows), schema={name: pl.String() for name in COLUMNS}, orient="row"
        )


def control(run: Run, kind: str) -> Control:
    """The control list of a batch, inside ``seeing``."""
    planned = list(
        Planned.objects.filter(run=run.pk).order_by("place").select_related("household", "payer")
    )
    printed = {
        row.place: row
        for row in Printed.objects.filter(
            insurer_id=run.insurer_id, kind=kind, batch=run.key, copy=0
        )
    }
    page: Counter[int] = Counter()
    rows = []
    for row in planned:
        paper = printed.get(row.place)
        pages = paper.pages if paper else 0
        first = page[row.file] + 1 if paper else 0
        page[row.file] += pages
        hidden = row.protected
        values: Sequence[Any] = (
            row.place, row.file or "", first or "", pages or "",
            HIDDEN if hidden else row.postal_code,
            HIDDEN if hidden else row.payer.address_number,
            HIDDEN if hidden else row.household.household_number,
            paper.languages if paper else "", row.amount,
            HIDDEN if hidden else row.reference,
            state_name(row.state), HIDDEN if hidden and row.reason else row.reason,
        )  # fmt: skip
        rows.append(tuple(map(str, values)))
    return Control(tuple(rows), _figures(planned, printed))


def _figures(planned: Sequence[Planned], printed: dict[int, Printed]) -> dict[str, Any]:
    papers = [printed[row.place] for row in planned if row.place in printed]
    places = [row for row in planned if row.file]
    by_state = Counter(row.state for row in planned)
    yen_by_state: Counter[str] = Counter()
    for row in planned:
        yen_by_state[row.state] += row.amount
    return {
        "papers": len(papers),
        "pages": sum(paper.pages for paper in papers),
        "files": max((row.file for row in planned), default=0),
        "protected": sum(row.protected for row in places),
        "amount": sum(row.amount for row in planned),
        "states": [(code, by_state[code], yen_by_state[code]) for code in STATES if by_state[code]],
        "languages": Counter(paper.languages for paper in papers).most_common(),
        "page_counts": sorted(Counter(paper.pages for paper in papers).items()),
        "first": _ends(places[:1]),
        "last": _ends(places[-1:]),
    }


def _ends(rows: Sequence[Planned]) -> str:
    """The first or the last paper, so that a printer can look at both ends of the heap."""
    if not rows:
        return ""
    row = rows[0]
    if row.protected:
        return HIDDEN
    return f"{row.postal_code} {row.payer.address_number} ({row.reference})"


def cover_pdf(control: Control, run: Run, kind: str, insurer: str, issued_on: date) -> bytes:
    """The cover of a batch: counts, totals, both ends; with the place to sign that it was checked.

    Raises:
        FormError: it cannot be rendered.
    """
    figures = control.figures
    yen = "{:,}円".format
    states = [
        [state_name(code), f"{count:,}", yen(amount)] for code, count, amount in figures["states"]
    ]
    total = ["合計(台帳と一致)", f"{len(control.rows):,}", yen(figures["amount"])]
    data = {
        "title": f"一括印刷 管理表 {KINDS[kind].name}",
        "insurer": insurer,
        "facts": [
            ["処理名", run.key],
            ["発行日", era_date(issued_on)],
            ["印刷", "{papers:,}通 {pages:,}ページ {files:,}ファイル".format(**figures)],
            ["うち支援措置(別ファイル)", f"{figures['protected']:,}通"],
            ["先頭", figures["first"]],
            ["末尾", figures["last"]],
            ["操作者", run.actor],
        ],
        "tables": [
            {
                "title": "件数と金額",
                "columns": ["区分", "件数", "金額"],
                "rows": [*states, total],
                "total": True,
            },
            {
                "title": "言語ごとの通数",
                "columns": ["言語", "通数"],
                "rows": [[_languages(codes), f"{n:,}"] for codes, n in figures["languages"]],
                "total": False,
            },
            {
                "title": "ページ数ごとの通数",
                "columns": ["1通のページ数", "通数", "ページ計"],
                "rows": [
                    [f"{pages}", f"{count:,}", f"{pages * count:,}"]
                    for pages, count in figures["page_counts"]
                ],
                "total": False,
            },
        ],
        "notes": _notes(figures),
    }  # fmt: skip
    return render_pdf("control", data, made_on=issued_on)


def _languages(codes: str) -> str:
    return "、".join(LANGUAGES[code].japanese for code in codes.split())


def _notes(figures: dict[str, Any]) -> list[str]:
    left = [state_name(code) for code, _count, _yen in figures["states"] if code != PRINT]
    notes = [
        "各通の順は郵便番号、宛名番号の順です。明細は control.csv にあります。",
        "支援措置の対象者は最後の別ファイルにあり、この表では宛先を示しません。",
    ]
    if left:
        notes.append("印刷していないもの(" + "、".join(left) + ")は、明細の末尾にあります。")
    return notes
