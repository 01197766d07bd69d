"""What the record of arrears says of a household's mail: sending address (送付先), returns (返戻).

Both are acts of a household; here they are those of its head, who is who papers go to.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from kokuho.arrears import Act, code_title, kind_title, standing
from kokuho.base.calendar import era_date
from kokuho.office.arrears.models import ActRow
from kokuho.office.arrears.whereabouts import heads_of
from kokuho.office.register.models import Residence

_KINDS = (
    "sending_address", "returned_mail", "public_notice", "contact", "consultation", "agreement",
    "withdrawal",
)  # fmt: skip
_POSTCODE = re.compile(r"〒?\s*(\d{3})[-－‐]?(\d{4})(?!\d)[\s　]*")
_BY_LETTER = "letter"


@dataclass(frozen=True)
class SendingAddress:
    """Where a household's papers go in place of its home."""

    postal_code: str
    address: str


@dataclass(frozen=True)
class Mail:
    """By row number of the head: where papers go, and why none is to be sent."""

    sending: Mapping[int, SendingAddress] = field(default_factory=dict)
    returned: Mapping[int, str] = field(default_factory=dict)


def mail_on(insurer: str, day: date) -> Mail:
    """What holds on a day, as it is recorded now; inside ``seeing``."""
    rows = ActRow.objects.filter(insurer_id=insurer, kind__in=_KINDS, day__lte=day)
    concerned = set(
        rows.filter(kind__in=("sending_address", "returned_mail")).values_list(
            "household_id", flat=True
        )
    )
    if not concerned:
        return Mail()
    acts: dict[str, list[Act]] = {}
    for row in rows.order_by("number").iterator(chunk_size=5000):
        if row.household_id in concerned:
            acts.setdefault(row.household_id, []).append(row.act())
    heads = heads_of(insurer, concerned, day)
    moved = _moved(heads.values(), day)
    sending, returned = {}, {}
    for house, some in acts.items():
        head = heads.get(house)
        if head is None:
            continue
        stand = standing(some)
        if (where := sending_address(stand, day)) is not None:
            sending[head] = where
        if (act := returned_act(stand, day, moved.get(head))) is not None:
            returned[head] = _reason(act, stand)
    return Mail(sending, returned)


def sending_address(acts: Sequence[Act], day: date) -> SendingAddress | None:
    """The last sending address among standing acts, unless its last day has passed.

    A postcode at the head of the text (``〒999-0001 架空県…``) becomes the address's.
    """
    said = [act for act in acts if act.kind == "sending_address" and act.day <= day]
    if not said or (said[-1].until is not None and said[-1].until < day):
        return None
    text = said[-1].text.strip()
    found = _POSTCODE.match(text)
    if found is None or not text[found.end() :]:
        return SendingAddress("", text)
    return SendingAddress(f"{found[1]}-{found[2]}", text[found.end() :])


def returned_act(acts: Sequence[Act], day: date, moved_on: date | None) -> Act | None:
    """The last return of mail that nothing has answered: no later word, address or home.

    A letter is no answer, and neither is service by public notice: mail would come back again.
    """
    returns = [act for act in acts if act.kind == "returned_mail" and act.day <= day]
    if not returns or (moved_on is not None and moved_on >= returns[-1].day):
        return None
    last = returns[-1]
    for act in acts:
        if act.kind in ("contact", "consultation", "agreement", "sending_address") and (
            last.day <= act.day <= day and act.code != _BY_LETTER
        ):
            return None
    return last


def _reason(act: Act, acts: Sequence[Act]) -> str:
    said = f"{era_date(act.day)} {kind_title(act.kind)}({code_title(act.kind, act.code)})"
    notices = [one for one in acts if one.kind == "public_notice" and one.day >= act.day]
    if notices:
        said += f"、{era_date(notices[-1].day)} {kind_title('public_notice')}"
    return said


def _moved(residents: Iterable[int], day: date) -> dict[int, date]:
    """The first day of the last home of residents."""
    rows = Residence.objects.known().filter(resident__in=set(residents), valid_from__lte=day)
    return dict(rows.order_by("valid_from").values_list("resident_id", "valid_from"))
