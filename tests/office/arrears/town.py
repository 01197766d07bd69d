"""A fictional town with arrears: households in the register, their demands in the books."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.utils import timezone

from kokuho.arrears import Act
from kokuho.office.arrears.recording import record
from kokuho.office.ledger.importing import import_receipts
from kokuho.office.register.models import Residence, Stay
from kokuho.office.store.recording import record as store
from kokuho.office.tenancy import seeing
from tests.office.conftest import INSURER
from tests.office.ledger.offices import bill, name, open_office, post
from tests.office.people import add_household, add_resident, moment

SINCE = date(2024, 4, 1)
LONG_AGO = timezone.make_aware(datetime(2026, 4, 1, 9))
TODAY = date(2026, 11, 25)

__all__ = ["INSURER", "TODAY", "bill", "name", "open_town", "pay", "told"]


def open_town(*, terms: int = 3) -> dict[str, int]:
    """Four households with ``terms`` demands each: row numbers of their heads by number.

    77 is of Japan; 78 of Nepal, a student; 79 of Viet Nam; 80 of Nepal, who left in October.
    """
    open_office()
    heads = {}
    people = (
        ("77", "JPN", "", None),
        ("78", "NPL", "留学", date(2027, 1, 15)),
        ("79", "VNM", "技術・人文知識・国際業務", date(2029, 3, 31)),
        ("80", "NPL", "家族滞在", date(2028, 3, 31)),
    )
    with seeing([INSURER], writing=True):
        when = moment(INSURER, LONG_AGO)
        for number, nationality, status, until in people:
            head = add_resident(
                f"10{number}", when, since=SINCE, nationality=nationality, birth_date="1998-05-06"
            )
            add_household(number, when, head, since=SINCE)
            left = {"valid_to": date(2026, 10, 20), "ended_by": "moved_abroad"}
            home = Residence(
                resident=head, valid_from=SINCE, address=f"架空市{number}番地",
                became_resident_on=SINCE, **(left if number == "80" else {}),
            )  # fmt: skip
            store(when, [home])
            if status:
                store(when, [Stay(resident=head, valid_from=SINCE, status=status,
                                  kind="mid_to_long_term", period_to=until)])  # fmt: skip
            heads[number] = head.pk
    post([bill(house, term, 30_000) for house in heads for term in range(1, terms + 1)])
    return heads


def told(kind: str, house: str, day: date, *terms: int, **more: Any) -> Act:
    """Record one act; the demands are terms of 2026."""
    demands = tuple(name(house, term) for term in terms)
    act = Act(0, kind, day, house, demands=demands, actor="試験", **more)
    return record(INSURER, [act], today=TODAY)[0]


def pay(folder: Path, on: date, *rows: tuple[str, int, int]) -> None:
    """Receipts: household, term, yen."""
    number = len(list(folder.iterdir()))
    path = folder / f"receipts-{number}.csv"
    lines = ["insurer_code,reference,received_on,amount,household_id,fiscal_year,term,payer"]
    lines += [
        f"{INSURER},{number}-{place},{on},{yen},{house},2026,{term},"
        for place, (house, term, yen) in enumerate(rows)
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    import_receipts(path, posted_on=on, actor="試験")
