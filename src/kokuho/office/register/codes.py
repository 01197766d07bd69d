"""The closed lists of codes that the register uses, with their names for people.

They are ours: the official code lists are not public. An office maps its own codes to them.
"""

from __future__ import annotations

from collections.abc import Mapping

from kokuho.base.messages import translator

_ = translator("office")

ACQUISITIONS: Mapping[str, str] = {
    "moved_in": "moved in from another municipality",
    "from_abroad": "moved in from abroad",
    "left_employees": "left employees' insurance",
    "left_union": "left an NHI union",
    "assistance_ended": "public assistance ended",
    "birth": "birth",
    "became_eligible": "became eligible by status of residence",
    "other": "other reason",
}
"""Why NHI is acquired (資格取得の事由)."""

LOSSES: Mapping[str, str] = {
    "moved_out": "moved to another municipality",
    "moved_abroad": "moved abroad",
    "joined_employees": "joined employees' insurance",
    "joined_union": "joined an NHI union",
    "assistance_began": "public assistance began",
    "death": "death",
    "aged_75": "reached 75",
    "elders_disability": "joined the elders' scheme before 75",
    "not_eligible": "no longer eligible by status of residence",
    "not_found": "found not to live here",
    "other": "other reason",
}
"""Why NHI is lost (資格喪失の事由)."""

RESIDENCE_ENDS: Mapping[str, str] = {
    "moved_out": "moved to another municipality",
    "moved_abroad": "moved abroad",
    "death": "death",
    "removed": "removed by the office",
    "other": "other reason",
}
"""Why a residence ended (住民票の消除の事由)."""

STAY_KINDS: Mapping[str, str] = {
    "mid_to_long_term": "mid- to long-term resident",
    "special_permanent": "special permanent resident",
    "temporary_refuge": "permitted to land for temporary refuge, or to stay provisionally",
    "transitional": "transitional resident by birth or by loss of Japanese nationality",
}
"""The classes of foreign residents (住民基本台帳法30条の45の表)."""

CARD_KINDS: Mapping[str, str] = {
    "residence_card": "residence card",
    "special_permanent_certificate": "special permanent resident certificate",
}
"""What bears the number of a residence card."""

PERSON_DECISIONS: Mapping[str, str] = {
    "involuntary_unemployment": "involuntarily unemployed",
    "maternity": "maternity period",
    "former_dependant": "former dependant",
    "per_capita_exemption": "exemption from part of the per-capita amount",
}
"""Kinds of decisions for a person; the levy's persons file has a column for each."""

HOUSEHOLD_DECISIONS: Mapping[str, str] = {
    "exemption": "exemption",
    "head_registered": "head registered in Japan on 1 January",
    "prepayment_excepted": "special circumstances that except from prepayment",
    "coverage_adjusted": "other insurance adjusted without fault of the insured",
    "fraud": "levy escaped by deceit or other unjust acts",
}
"""Kinds of decisions for a household (減免、1月1日の住民登録、前納の特別の事情、適用関係の調整、
偽りその他不正の行為)."""

ASSESSMENTS: Mapping[str, str] = {
    "initial": "yearly assessment",
    "change": "change during the year",
    "retroactive": "retroactive assessment",
    "cancelled": "cancelled",
}
"""Why an assessment was made (賦課の事由)."""

DOCUMENTS: Mapping[str, str] = {
    "law": "statutory values",
    "ordinance": "ordinance",
    "inputs": "inputs of the levy",
}
"""What an assessment is made from."""

BENEFITS: Mapping[str, str] = {
    "limit_certificate": "certificate of the ceiling on co-payments",
    "high_cost": "high-cost medical expense benefit",
    "care_abroad": "benefit for care abroad",
    "childbirth": "lump sum for childbirth",
}
"""Kinds of benefit events (限度額適用認定証、高額療養費、海外療養費、出産育児一時金)."""


def label(codes: Mapping[str, str], code: str) -> str:
    """The name of a code, in the language of the interface; an unknown code is shown as it is."""
    return _(codes[code]) if code in codes else code
