"""A collection record (収納情報): what stands about one demand and one person, in no layout's form.

Which persons a demand has a record for is a policy of the office; the record says the role. What is
owed and due stands apart from what is not yet due, so that nobody reads one as the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any, Literal, get_args

from kokuho.linkage.messages.canonical import digest_of

Role = Literal["debtor", "insured"]
Deferral = Literal["none", "deferred"]
Agreement = Literal["none", "kept", "broken"]
Action = Literal["register", "withdraw"]

VALUES: Mapping[str, tuple[str, ...]] = {
    "action": get_args(Action),
    "role": get_args(Role),
    "kind": ("tax", "premium"),
    "channel": ("ordinary", "pension", "prepaid"),
    "deferral": get_args(Deferral),
    "agreement": get_args(Agreement),
}
"""Fields with a closed list of values; a layout has its own codes for them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionRecord:
    """One record. Money is integer yen; what does not apply is ``None``.

    Attributes:
        municipality: code of the municipality, six digits.
        person: address number (宛名番号) of the person whom it is registered for.
        debtor: address number of who must pay (納付義務者: the household head).
        household: household number.
        role: whether the person is the debtor, or an insured member of the debtor's household.
        kind: ``tax`` or ``premium``.
        year_levied: fiscal year of the levy (調定年度, 賦課年度).
        year_meant: fiscal year that it is for (相当年度).
        channel: how it is collected (``ordinary``, ``pension``, ``prepaid``).
        term: instalment (期別).
        assessed: levied (調定額).
        paid: received and posted (収納額).
        refunded: paid back or put to another demand (還付・充当額).
        reported: received, not posted yet (未反映の収納額); the unpaid amounts are before it.
        overdue: unpaid, the due date past.
        later: unpaid, not yet due.
        due: the due date (納期限).
        last_paid_on: day of the last payment.
        reminded_on: day of the reminder (督促).
        deferral: whether collection is deferred (徴収猶予・換価の猶予) at ``as_of``.
        deferred_until: its last day.
        agreement: an instalment agreement (分納誓約) in force, and whether it is kept.
        agreed_until: its last day.
        suspended_on: since when execution is suspended (滞納処分の執行停止).
        prescribed_on: when the claim lapsed (時効).
        consulted_on: day of the last consultation (納付相談).
        prepayment: whether the demand is a prepayment (前納).
        by_hand: not to be answered automatically (自動応答不可, 支援措置).
        as_of: the moment of the books that it was made from.
        version: of this record, growing by one with each change.
        action: to register, or to withdraw.
    """

    municipality: str
    person: str
    debtor: str
    household: str
    role: str
    kind: str
    year_levied: int
    year_meant: int
    channel: str
    term: int
    assessed: int
    paid: int
    refunded: int
    reported: int
    overdue: int
    later: int
    due: date
    last_paid_on: date | None = None
    reminded_on: date | None = None
    deferral: str = "none"
    deferred_until: date | None = None
    agreement: str = "none"
    agreed_until: date | None = None
    suspended_on: date | None = None
    prescribed_on: date | None = None
    consulted_on: date | None = None
    prepayment: bool = False
    by_hand: bool = False
    as_of: datetime
    version: int = 1
    action: str = "register"

    @property
    def key(self) -> str:
        """What makes this record the same one in another version."""
        return "/".join(str(getattr(self, name)) for name in KEY)

    def as_json(self) -> dict[str, Any]:
        """The record with days and times in ISO 8601."""
        values = {name: getattr(self, name) for name in TYPES}
        return {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in values.items()
        }

    @classmethod
    def from_json(cls, stated: Mapping[str, Any]) -> CollectionRecord:
        """The record that :meth:`as_json` wrote."""
        read = {"date": date.fromisoformat, "datetime": datetime.fromisoformat}
        values: dict[str, Any] = dict(stated)
        for name, text in stated.items():
            if text is not None and TYPES[name] in read:
                values[name] = read[TYPES[name]](text)
        return cls(**values)

    def next_version(self, version: int, action: Action = "register") -> CollectionRecord:
        """The same record under another version."""
        return replace(self, version=version, action=action)


KEY = (
    *("person", "debtor", "household", "kind"),
    *("year_levied", "year_meant", "channel", "term"),
)
"""Fields that make a record's key. One debtor may owe the same term in two households."""


def key_of(fields: Mapping[str, Any]) -> str:
    """The key of a record, from its fields by name."""
    return "/".join(str(fields[name]) for name in KEY)


TYPES: Mapping[str, str] = {
    one.name: str(one.type).removesuffix(" | None") for one in fields(CollectionRecord)
}
"""The type of each field by name: ``str``, ``int``, ``bool``, ``date``, ``datetime``."""

OPTIONAL = frozenset(
    one.name for one in fields(CollectionRecord) if str(one.type).endswith(" | None")
)
"""Fields that may be empty."""


def person_digest(records: Iterable[tuple[str, int, str]]) -> str:
    """The digest of all of a person's records: their keys, versions and contents, by key."""
    return digest_of([list(one) for one in sorted(records)])
