"""Collection records for tests, and the shipped layout in other forms."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

import kokuho.linkage
from kokuho.linkage.messages.layout import Layout, load_layout
from kokuho.linkage.messages.record import CollectionRecord

SHIPPED = Path(kokuho.linkage.__file__).parent / "layouts" / "kokuho-assumed.1.yaml"
ASSUMED = load_layout(SHIPPED)
JAPAN = timezone(timedelta(hours=9))


def record(**other: Any) -> CollectionRecord:
    usual: dict[str, Any] = {
        "municipality": "992011",
        "person": "000000000012345",
        "debtor": "000000000012345",
        "household": "0012345",
        "role": "debtor",
        "kind": "tax",
        "year_levied": 2026,
        "year_meant": 2026,
        "channel": "ordinary",
        "term": 3,
        "assessed": 19_800,
        "paid": 0,
        "refunded": 0,
        "reported": 0,
        "overdue": 19_800,
        "later": 0,
        "due": date(2026, 9, 30),
        "as_of": datetime(2026, 11, 25, 9, 0, tzinfo=JAPAN),
    }
    return CollectionRecord(**(usual | other))


def in_form(form: str, **other: Any) -> Layout:
    """The shipped layout written in another form."""
    return ASSUMED.model_copy(update={"form": form} | other)


_DAYS = st.dates(date(2018, 4, 1), date(2099, 12, 31))
_YEN = st.integers(-9_999_999, 99_999_999)
_NUMBER = st.text("0123456789", min_size=1, max_size=15)
RECORDS = st.builds(
    record,
    person=_NUMBER,
    debtor=_NUMBER,
    role=st.sampled_from(["debtor", "insured"]),
    kind=st.sampled_from(["tax", "premium"]),
    channel=st.sampled_from(["ordinary", "pension", "prepaid"]),
    term=st.integers(1, 99),
    assessed=_YEN,
    paid=_YEN,
    refunded=_YEN,
    reported=_YEN,
    overdue=_YEN,
    later=_YEN,
    due=_DAYS,
    last_paid_on=st.none() | _DAYS,
    reminded_on=st.none() | _DAYS,
    deferral=st.sampled_from(["none", "deferred"]),
    deferred_until=st.none() | _DAYS,
    agreement=st.sampled_from(["none", "kept", "broken"]),
    agreed_until=st.none() | _DAYS,
    suspended_on=st.none() | _DAYS,
    prescribed_on=st.none() | _DAYS,
    consulted_on=st.none() | _DAYS,
    prepayment=st.booleans(),
    by_hand=st.booleans(),
    version=st.integers(1, 999_999_999),
    action=st.sampled_from(["register", "withdraw"]),
)
