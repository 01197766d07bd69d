"""The arrears of one household: what is owed, what was done, until when; and the form to record."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from kokuho.arrears import KINDS, Act, Promise, code_title, kind_title, standing
from kokuho.base.calendar import era_date
from kokuho.base.errors import KokuhoError
from kokuho.base.messages import translator
from kokuho.office.accounts.looks import Seen
from kokuho.office.household import protection
from kokuho.office.household.dates import day_of
from kokuho.office.household.people import names
from kokuho.office.register.models import Household
from kokuho.office.web.looking import Visit, changing

_ = translator("web")

BY_OTHERS = ("reminder", "write_off")
"""Kinds that runs and decisions record, with what belongs to them in the books."""


@require_http_methods(["GET", "POST"])
@changing
def arrears_household(visit: Visit, insurer: str, pk: int) -> HttpResponse:
    """The page of a household's arrears today."""
    from kokuho.office.arrears.standing import read

    found = Household.objects.filter(insurer_id=insurer, pk=pk).first()
    if found is None:
        raise Http404
    number, today = found.household_number, timezone.localdate()
    form = Form(visit, number, today)
    if visit.request.method == "POST" and form.record(insurer):
        return redirect("arrears_household", insurer=insurer, pk=pk)
    context: dict[str, Any] = {"insurer": visit.insurers[insurer], "household": found, "form": form}
    try:
        arrears = read(insurer, today, [number])
    except KokuhoError as error:
        context["why_not"] = str(error)
        return render(visit.request, "office/arrears_household.html", context)
    house = next(iter(arrears.households), None)
    head = arrears.heads.get(number)
    if head is not None:
        visit.show(Seen(insurer, head, pk))
    acts = arrears.acts.get(number, ())
    stand = {act.number for act in standing(acts)}
    context |= {
        "on": today,
        "concealed": head in protection.protected(today),
        "head": names({head}).get(head) if head is not None else None,
        "house": house,
        "owed": list(arrears.owed.iter_rows(named=True)),
        "why_no_interest": arrears.why_no_interest,
        "items": arrears.work,
        "prescriptions": arrears.prescriptions(house) if house else {},
        "acts": [(act, act.number in stand) for act in reversed(acts)],
        "choices": _choices(),
        "open": [act for act in standing(acts) if act.kind not in BY_OTHERS],
    }
    status = 400 if form.mistakes else 200
    return render(visit.request, "office/arrears_household.html", context, status=status)


def _choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """What can be recorded: title of the kind, and values of the form with their text."""
    made = []
    for name, kind in KINDS.items():
        if name in BY_OTHERS:
            continue
        title = kind_title(name)
        options = [(f"{name}/{code}", f"{title}: {code_title(name, code)}")
                   for code in kind.codes or ()]  # fmt: skip
        made.append((title, options or [(f"{name}/", title)]))
    return made


class Form:
    """The form of one act: what was typed, and what is wrong with it."""

    def __init__(self, visit: Visit, number: str, today: date) -> None:
        given = visit.request.POST
        self.visit, self.number, self.today = visit, number, today
        self.choice = given.get("choice", "")
        self.day_text = given.get("day") or era_date(today)
        self.until_text = given.get("until", "").strip()
        self.amount_text = given.get("amount", "").strip().replace(",", "")
        self.refers = given.get("refers", "")
        self.plan_text = given.get("plan", "").strip()
        self.text = given.get("text", "").strip()
        self.demands = given.getlist("demand")
        self.mistakes: dict[str, str] = {}

    def record(self, insurer: str) -> bool:
        """Record the act; whether it was. What is wrong is in ``mistakes``."""
        from kokuho.office.arrears.recording import keep

        kind, _slash, code = self.choice.partition("/")
        if kind not in KINDS or kind in BY_OTHERS:
            self.mistakes["choice"] = _("Choose what is recorded.")
        day, until = self._day("day", self.day_text), self._day("until", self.until_text)
        amount, plan = self._amount(), self._plan()
        if self.mistakes or day is None:
            return False
        takes = KINDS[kind].demands != "none"
        act = Act(
            number=0, kind=kind, day=day, household=self.number,
            demands=tuple(self.demands) if takes else (), until=until, code=code, amount=amount,
            refers=int(self.refers) if self.refers.isdecimal() else None, plan=plan,
            text=self.text, actor=str(self.visit.user),
        )  # fmt: skip
        try:
            # what follows in the books may be refused too; then nothing is recorded
            with transaction.atomic():
                keep(insurer, [act], today=self.today)
        except KokuhoError as error:
            self.mistakes["choice"] = str(error)
            return False
        return True

    def _day(self, name: str, text: str) -> date | None:
        if not text:
            return None
        try:
            return day_of(text)
        except ValueError:
            self.mistakes[name] = _("Not a date, such as R8.4.1 or 2026-04-01.")
            return None

    def _amount(self) -> int | None:
        if self.amount_text and not self.amount_text.isdecimal():
            self.mistakes["amount"] = _("Not an amount in yen.")
            return None
        return int(self.amount_text) if self.amount_text else None

    def _plan(self) -> tuple[Promise, ...]:
        """One payment a line: a day and yen."""
        made = []
        for line in self.plan_text.splitlines():
            words = line.replace(",", "").replace("円", "").split()
            try:
                first, yen = words
                made.append(Promise(day_of(first), int(yen)))
            except ValueError:
                self.mistakes["plan"] = _("Write a day and an amount on each line: R8.12.25 5000")
                return ()
        return tuple(made)
