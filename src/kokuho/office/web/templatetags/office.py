"""What the templates ask for: dates in both calendars, yen, names, codes for people."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import template

from kokuho.base.calendar import PartialDate, fiscal_year_name
from kokuho.base.countries import country_name
from kokuho.levy.explain import Explanation
from kokuho.office.billing import lists as billing_lists
from kokuho.office.billing.schedules import Instalment, Schedule
from kokuho.office.billing.terms import term_name
from kokuho.office.collection import wording as collection_wording
from kokuho.office.household import dates
from kokuho.office.household.history import declared as declared_text
from kokuho.office.household.languages import language_name
from kokuho.office.register import codes
from kokuho.office.register.models import Declaration, Identity
from kokuho.office.store.versions import Version, end_of

register = template.Library()

_WHOSE = re.compile(r"[^\s+:(]+(?=: )")  # what stands before an amount: "0001: 430,000 + 0002: 0"
_CHANNELS = {"ordinary": "普通徴収", "pension": "特別徴収", "prepaid": "前納"}
_SEXES = {"M": "男", "F": "女", "X": "不明"}
_CODES: Mapping[str, Mapping[str, str]] = {
    "acquisition": codes.ACQUISITIONS,
    "loss": codes.LOSSES,
    "residence_end": codes.RESIDENCE_ENDS,
    "stay": codes.STAY_KINDS,
    "card": codes.CARD_KINDS,
    "assessment": codes.ASSESSMENTS,
    "person_decision": codes.PERSON_DECISIONS,
    "household_decision": codes.HOUSEHOLD_DECISIONS,
}


@register.filter
def wareki(day: date | PartialDate | None) -> str:
    """A day in the Japanese calendar."""
    return dates.wareki(day)


@register.filter
def last_day(end: date | None) -> date | None:
    """The last day of what holds to before ``end``."""
    return end - timedelta(days=1) if end else None


@register.filter
def age(born: PartialDate | None, on: date) -> str:
    """The age on a day."""
    return dates.age(born, on)


@register.filter
def fiscal_year(year: int) -> str:
    """A fiscal year in the Japanese calendar."""
    return fiscal_year_name(year)


@register.filter
def yen(amount: int | None) -> str:
    """``1,590,000``; nothing for none."""
    return "" if amount is None else f"{amount:,}"


_KINDS = {
    "receive": "収納", "release": "仮受から", "appropriate": "充当", "refund": "還付",
    "reverse": "取消",
}  # fmt: skip


@register.filter
def journal_kind(kind: str) -> str:
    """What kind of movement of money a journal is."""
    return _KINDS.get(kind, kind)


_REFUND_STATES = {
    "overpaid": "過誤納(未処理)",
    "asked": "命令待ち",
    "ordered": "審査待ち",
    "approved": "支払待ち",
    "paid": "支払済",
    "withdrawn": "取下げ",
    "appropriated": "充当済",
}
_COMPONENTS = {"principal": "本税(料)", "interest": "延滞金", "fee": "督促手数料"}
_DEPARTURES = {"moved_abroad": "国外へ転出", "moved_out": "国内へ転出", "removed": "職権消除"}
_ROLES = {"order": "命令", "audit": "審査"}


@register.filter
def refund_state(state: str) -> str:
    """Where an overpayment stands on its way to being refunded."""
    return _REFUND_STATES[state]


@register.filter
def refund_role(role: str) -> str:
    """The role of who approves a refund."""
    return _ROLES[role]


@register.filter
def component(value: str) -> str:
    """What an amount is for."""
    return _COMPONENTS[value]


@register.filter
def departure(how: str) -> str:
    """How somebody left."""
    return _DEPARTURES.get(how, how)


@register.filter
def percent(ppm: int) -> str:
    """A share in millionths: ``33.3333%``, exactly."""
    return f"{Decimal(ppm).scaleb(-4).normalize():f}%"


@register.filter
def name(identity: Identity | None) -> str:
    """The name that a person is called by: kanji, or else Latin."""
    if identity is None:
        return "(氏名の記録なし)"
    return identity.kanji or identity.latin or "(氏名の記録なし)"


@register.filter
def code(value: str, kind: str) -> str:
    """The name of a code of a closed list."""
    return codes.label(_CODES[kind], value) if value else ""


@register.filter
def prepayment_state(state: str) -> str:
    """Where a household stands on the work list of prepayment."""
    return billing_lists.state_name(state)


@register.filter
def suspense_why(why: str) -> str:
    """Why money is in suspense."""
    return collection_wording.why_name(why)


@register.filter
def payment_channel(value: str) -> str:
    """How money came: 口座振替, コンビニ."""
    return collection_wording.channel_name(value)


@register.filter
def channel(value: str) -> str:
    """普通徴収, 特別徴収, 前納."""
    return _CHANNELS[value]


@register.filter
def term(instalment: Instalment, schedule: Schedule) -> str:
    """What a demand is called: ``第3期``, ``10月``, ``前納``, ``随時(第9期)``."""
    return term_name(instalment, schedule)


@register.filter
def sex(value: str) -> str:
    """男, 女."""
    return _SEXES.get(value, "")


@register.filter
def declared(declaration: Declaration | None) -> str:
    """The state of a declaration."""
    return declared_text(declaration) if declaration else "記録なし"


@register.filter
def day(text: str) -> date:
    """A day from ISO text, such as the local day of a moment."""
    return date.fromisoformat(text)


@register.filter
def language(tag: str) -> str:
    """A language by its tag, in Japanese; a tag that is not known is shown as it is."""
    return language_name(tag)


@register.filter
def country(nationality: str) -> str:
    """A nationality in Japanese, its code beside it; an office's own code is shown as it is."""
    name = country_name(nationality)
    return f"{name} ({nationality})" if name else nationality


@register.filter
def called(formula: str, names: Mapping[str, str]) -> str:
    """A formula in which people stand by name, where it has their address numbers."""
    return _WHOSE.sub(lambda number: names.get(number[0], number[0]), formula)


@register.filter
def superseded_by(version: Version, known: date) -> bool:
    """Whether a version was superseded by the end of a day."""
    gone = version.superseded_at
    return gone is not None and gone <= end_of(known)


@register.filter
def any_asset(explanation: Explanation) -> bool:
    """Whether any part has an asset component (資産割)."""
    return any(part["asset"] for part in explanation.parts)


@register.filter
def of(mapping: Mapping[Any, Any], key: Any) -> Any:
    """The entry of a mapping."""
    return mapping.get(key)
