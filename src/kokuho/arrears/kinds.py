"""The kinds of acts that the office records about arrears (滞納整理の記録): one closed list.

What each kind needs is one table; a page, a command and a check ask it and nothing else. Codes are
ours: official code lists are not public, and an office maps its own to them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from kokuho.base.messages import translator

_ = translator("arrears")

Need = Literal["required", "optional", "none"]

WAYS = {
    "telephone": "by telephone",
    "visit": "by visit",
    "counter": "at the counter",
    "letter": "by letter",
    "message": "by short message",
}
"""How somebody was reached (接触の方法)."""

AGREEMENT_ENDS = {
    "completed": "completed",
    "broken": "broken",
    "replaced": "replaced by another",
    "withdrawn": "withdrawn by the payer",
}
"""Why an agreement ended (分納誓約の終了)."""

DEFERRALS = {
    "collection_disaster": "deferral of collection: disaster, theft, illness",
    "collection_hardship": "deferral of collection: business closed, heavy loss and the like",
    "sale_by_office": "deferral of sale by the office",
    "sale_on_request": "deferral of sale on request",
}
"""徴収の猶予(地方税法15条1項1号・2号、3号〜5号)、換価の猶予(15条の5、15条の6)."""

EXEMPTIONS = {"applied": "applied for", "granted": "granted", "refused": "refused"}
"""Where an exemption (減免) stands; its amount is the levy's."""

SEIZURE_ENDS = {
    "collected": "collected or sold",
    "released": "released",
    "annulled": "annulled or withdrawn",
}
"""How a seizure (差押え) ended; an annulled one renews no prescription (民法148条2項)."""

PROPERTY = {
    "deposit": "deposit",
    "salary": "salary or pension",
    "refund": "refund of tax",
    "insurance": "life insurance",
    "real_estate": "real estate",
    "movables": "movables",
    "other": "other claim",
}
"""What is seized or sold (差押財産の種類)."""

SUSPENSIONS = {
    "no_property": "no property to seize",
    "hardship": "would leave them in distress",
    "not_found": "neither person nor property can be found",
}
"""Why execution is suspended (滞納処分の停止, 地方税法15条の7第1項1号〜3号)."""

SPECIAL_CIRCUMSTANCES = {
    "disaster": "disaster or theft",
    "illness": "illness or injury of the head or a relative",
    "closed": "business closed or suspended",
    "loss": "heavy loss in business",
    "similar": "a reason like these",
}
"""特別療養費の特別の事情(国民健康保険法施行令28条の6). A list of its own: those of prepayment
(``billing.grounds``) are others, set by the municipality."""

PAPERS = {
    "notice": "notice of the levy",
    "reminder": "reminder",
    "demand": "letter of demand",
    "other": "other paper",
}
"""Which paper came back or was served by public notice."""

RESIDENCE_STEPS = {
    "desk": "desk check: registers, tax, pension, receipts, water",
    "visit": "site visit",
    "neighbours": "asked landlord, employer or school",
    "finding": "finding",
    "register_asked": "asked the resident register to act",
    "loss_dated": "loss dated by evidence",
}
"""職権による資格喪失の調査の段階(保険発40号、市町村の取扱要領に共通する順)."""

WRITE_OFFS = {
    "prescribed": "prescribed",
    "suspended": "suspended for three years",
    "extinguished": "extinguished at once",
}
"""Why an amount is written off (不納欠損の事由)."""


@dataclass(frozen=True)
class Kind:
    """What an act of one kind is called and needs.

    ``demands``: whether it names demands; ``until``: a last day; ``codes``: one of these;
    ``ends``: the kinds of earlier acts of which it ends one; ``plan``: instalments; ``amount``:
    yen; ``text``: words.
    """

    title: str
    demands: Need = "none"
    until: Need = "none"
    codes: Mapping[str, str] | None = None
    ends: tuple[str, ...] = ()
    plan: bool = False
    amount: Need = "none"
    text: Need = "optional"


KINDS: Mapping[str, Kind] = {
    "reminder": Kind("reminder", "required", until="optional", amount="optional"),
    "demand_letter": Kind("letter of demand", "required", until="optional"),
    "contact": Kind("contact", codes=WAYS),
    "consultation": Kind("consultation", codes=WAYS),
    "agreement": Kind("instalment agreement", "required", plan=True, amount="optional"),
    "agreement_ended": Kind("end of the agreement", codes=AGREEMENT_ENDS, ends=("agreement",)),
    "acknowledgement": Kind("acknowledgement of the debt", "required", text="required"),
    "deferral_asked": Kind("request for deferral", "required", codes=DEFERRALS),
    "deferral": Kind("deferral", "required", until="required", codes=DEFERRALS),
    "deferral_ended": Kind("cancellation of the deferral", ends=("deferral",), text="required"),
    "exemption": Kind("exemption on application", codes=EXEMPTIONS, amount="optional"),
    "investigation": Kind("investigation of property", text="required"),
    "seizure": Kind("seizure", "required", codes=PROPERTY, amount="optional"),
    "seizure_ended": Kind("end of the seizure", codes=SEIZURE_ENDS, ends=("seizure",)),
    "sale": Kind("sale", codes=PROPERTY, amount="optional"),
    "distribution": Kind("demand for distribution", "required", text="required"),
    "distribution_ended": Kind("end of the demand for distribution", ends=("distribution",)),
    "suspension": Kind("suspension of execution", "required", codes=SUSPENSIONS, text="required"),
    "suspension_ended": Kind(
        "cancellation of the suspension", ends=("suspension",), text="required"
    ),
    "extinction": Kind("extinction at once", "required", ends=("suspension",), text="required"),
    "special_notice": Kind("notice before the special benefit"),
    "special_benefit": Kind("special benefit begins"),
    "special_benefit_ended": Kind("special benefit ends", ends=("special_benefit",)),
    "special_circumstances": Kind(
        "special circumstances", until="optional", codes=SPECIAL_CIRCUMSTANCES, text="required"
    ),
    "returned_mail": Kind("returned mail", codes=PAPERS),
    "public_notice": Kind("service by public notice", "optional", codes=PAPERS),
    "sending_address": Kind("sending address", until="optional", text="required"),
    "residence_check": Kind("investigation of residence", codes=RESIDENCE_STEPS, text="required"),
    "write_off": Kind("write-off", "required", codes=WRITE_OFFS, amount="required"),
    "withdrawal": Kind("withdrawal of a record", text="required"),
}
"""滞納整理の記録の種類. A ``withdrawal`` (記録の取消し) may refer to any other act, once."""


def kind_title(kind: str) -> str:
    """A kind for people: ``分納誓約``; an unknown one as it is."""
    return _(KINDS[kind].title) if kind in KINDS else kind


def code_title(kind: str, code: str) -> str:
    """A code of a kind for people; an unknown one as it is."""
    codes = KINDS[kind].codes if kind in KINDS else None
    return _(codes[code]) if codes and code in codes else code
