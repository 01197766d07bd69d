"""What a demand is called on pages and papers (期の名)."""

from __future__ import annotations

from kokuho.office.billing.schedules import Instalment, Schedule

_PENSION_MONTHS = ("4月", "6月", "8月", "10月", "12月", "2月")


def term_name(instalment: Instalment, schedule: Schedule) -> str:
    """``第3期``, ``10月の年金から``, ``前納``, ``随時(第9期)``, ``過年度(第9期)``."""
    number = instalment.term
    if instalment.channel == "pension":
        return f"{_PENSION_MONTHS[number - 1]}の年金から"
    if instalment.channel == "prepaid":
        return "前納" if number == 1 else f"前納({number}回目)"
    if instalment.fiscal_year_levied > schedule.fiscal_year:
        return f"過年度(第{number}期)"
    if instalment.reason == "out_of_term":
        return f"随時(第{number}期)"
    return f"第{number}期"
