"""A fictional town that prints: its people, what was billed, the slots of its papers."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path
from typing import Any

from pypdf import PdfReader

from kokuho.office.jobs.runs import Run
from kokuho.office.printing.batch import Order, print_batch
from kokuho.office.printing.kinds import Asked
from kokuho.office.printing.record import Planned, Printed
from kokuho.office.printing.sender import Office, load_office
from kokuho.office.register.models import Handling
from kokuho.office.tenancy import seeing
from tests.office.assessment.town import BEFORE, Told, at
from tests.office.billing.town import assess, bill, ordinance, telling
from tests.office.conftest import INSURER

JULY = date(2026, 7, 15)
SLOTS = """\
insurer_code: "992011"
authority: 架空市長
office: 国保年金課
telephone: 000-000-0000
"""


def household(
    told: Told, number: int, postal: str = "999-0001", language: str = "", **more: Any
) -> None:
    """A household ``hNN`` of one person ``pNN`` who lives at a postcode and reads a language."""
    person = f"p{number:02d}"
    told.resident(person, **more.pop("identity", {}))
    told.living(person, postal_code=postal, address=more.pop("address", "架空市架空町1番地"))
    told.insured(person)
    told.member(person, f"h{number:02d}")
    told.head(f"h{number:02d}", person)
    told.income(person, 2026, business=1_000_000 + 100_000 * number)
    if language or more.get("protected"):
        told.say(
            Handling(resident=at(person), valid_from=BEFORE, preferred_language=language, **more)
        )


def billed(kind: str = "premium") -> None:
    """The year assessed and billed."""
    own = ordinance(kind, prepayment={"adopted": False})
    assess(own=own)
    bill()


def office(folder: Path, more: str = "") -> Office:
    path = folder / "sender.yaml"
    path.write_text(SLOTS + more, "utf-8")
    return load_office(path, INSURER)


def order(folder: Path, kind: str = "levy", **more: Any) -> Order:
    """A batch into ``folder/out``."""
    keys = ("fiscal_year", "run", "since", "year", "household")
    asked = {key: more.pop(key) for key in keys if key in more}
    if kind == "levy":
        asked.setdefault("fiscal_year", 2026)
    given = {
        "name": kind, "issued_on": JULY, "office": office(folder), "folder": folder / "out",
        "actor": "試験", **more,
    }  # fmt: skip
    return Order(insurer=INSURER, asked=Asked(kind, **asked), **given)


def run(folder: Path, kind: str = "levy", **more: Any) -> Run:
    return print_batch(order(folder, kind, **more))


def text_of(path: Path | bytes) -> list[str]:
    """The text of each page, without blanks."""
    content = path.read_bytes() if isinstance(path, Path) else path
    pages = PdfReader(io.BytesIO(content)).pages
    return ["".join(page.extract_text().split()) for page in pages]


def printed() -> list[Printed]:
    with seeing([INSURER]):
        return list(Printed.objects.order_by("pk").select_related("payer", "household"))


def planned() -> list[Planned]:
    with seeing([INSURER]):
        return list(Planned.objects.order_by("run", "place").select_related("payer", "household"))


__all__ = ["telling"]
