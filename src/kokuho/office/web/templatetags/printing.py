"""What the pages of printing ask for: papers, states of batches and of papers in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django import template
from django.utils import timezone

from kokuho.forms.papers import KINDS, LANGUAGES
from kokuho.office.jobs.runs import Run
from kokuho.office.printing.kinds import Asked
from kokuho.office.printing.states import state_name

register = template.Library()

_STATES = {"running": "印刷中", "done": "完了", "cancelled": "中止", "failed": "失敗"}
_SLOTS = {
    "authority": "処分庁", "office": "担当課", "telephone": "電話番号", "hours": "受付時間",
    "interpreters": "通訳", "seal": "公印", "window": "窓の位置", "residence": "在留審査の注記",
    "slip.pay_at": "納付書の納付場所", "slip.layouts": "納付書のコードのレイアウト",
}  # fmt: skip


@register.filter
def slot_names(slots: Sequence[str]) -> str:
    """The slots of the sender file in words: ``公印、窓の位置``."""
    return "、".join(_SLOTS.get(slot, slot) for slot in slots)


@register.filter
def paper_name(kind: str) -> str:
    """What a paper is called: ``督促状``; a kind that is not known is shown as it is."""
    return KINDS[kind].name if kind in KINDS else kind


@register.filter
def batch_state(run: Run) -> str:
    """Where a batch stands: ``印刷中``."""
    return _STATES.get(run.state, run.state)


@register.filter
def print_state(state: str) -> str:
    """Why a paper is or is not printed."""
    return state_name(state)


@register.filter
def paper_languages(codes: str) -> str:
    """``日本語、ベトナム語`` from codes with blanks between."""
    return "、".join(LANGUAGES[code].japanese if code in LANGUAGES else code
                     for code in codes.split())  # fmt: skip


@register.filter
def local_day(moment: datetime) -> date:
    """The local day of a moment."""
    return timezone.localtime(moment).date()


@register.filter
def local_time(moment: datetime) -> str:
    """The local time of a moment: ``9:05``."""
    return f"{timezone.localtime(moment):%-H:%M}"


@register.filter
def asked_for(asked: Asked) -> str:
    """What a batch was asked for: ``2026年度``, ``発行 07``."""
    parts = []
    if asked.fiscal_year is not None:
        parts.append(f"{asked.fiscal_year}年度")
    if asked.run is not None:
        parts.append(f"発行 {asked.run}")
    if asked.since is not None:
        parts.append(f"{asked.since} から後の変更")
    if asked.year is not None:
        parts.append(f"{asked.year}年")
    return " ".join(parts)
