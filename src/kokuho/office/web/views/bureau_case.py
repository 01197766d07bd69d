"""One case of the notice to the bureau: what was found, who decided, what came back; its forms."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from kokuho.base.errors import KokuhoError, LinkageError
from kokuho.linkage.bureau import (
    HOW,
    KINDS,
    STATES,
    Rule,
    Step,
    answers,
    kind_title,
    lacking,
    open_kinds,
    scheme,
    standing,
    state_of,
    title,
    unpaid,
)
from kokuho.office.accounts import rights
from kokuho.office.accounts.looks import Seen
from kokuho.office.bureau import recording
from kokuho.office.bureau.case import Case
from kokuho.office.bureau.reading import insured_now, known_items, person_of, sheet_of
from kokuho.office.web.bureau_form import StepForm, insurer_held, purpose_of
from kokuho.office.web.looking import Visit, looking


@require_http_methods(["GET", "POST"])
@looking
def bureau_case(visit: Visit, insurer: str, number: int) -> HttpResponse:
    """The case, and a form for each step that may come next."""
    insurer = insurer_held(visit, insurer)
    purpose = purpose_of(visit.request)
    if not purpose:
        return redirect("bureau")
    case = _case(insurer, number)
    rule = scheme().on(case.event_day)
    form = StepForm(visit, rule)
    if visit.request.method == "POST" and not visit.refused:
        step = form.step()
        if step is not None:
            visit.act = lambda: _take(visit, insurer, number, step)
            return HttpResponse()
    visit.show(Seen(insurer, case.resident_id, purpose=purpose))
    wrong = bool(form.mistakes or visit.refused)
    context = {"insurer": visit.insurers[insurer], "form": form, "purpose": purpose,
               "wrong": wrong, **_shown(visit, insurer, case, rule)}  # fmt: skip
    return render(visit.request, "office/bureau_case.html", context, status=400 if wrong else 200)


def _shown(visit: Visit, insurer: str, case: Case, rule: Rule) -> dict[str, Any]:
    steps = recording.steps_of(case)
    stand = {one.number for one in standing(steps)}
    found = answers(steps)
    today = timezone.localdate()
    known = known_items(case, today)
    person = person_of(case.resident_id)
    decides = insurer in rights.allowed(visit.user, rights.BUREAU_DECIDE)
    state, open_now = state_of(rule, steps), open_kinds(rule, steps)
    left = lacking(rule, steps)
    return {
        "case": case,
        "person": person,
        "trigger": rule.trigger(case.trigger),
        "state": title(STATES, state),
        "items": [
            {
                "item": item,
                "answer": found.get(item.code),
                "how": title(HOW, found[item.code].how) if item.code in found else "",
                "hidden": item.code == "address" and person.protected,
                "register": "" if item.code == "address" and person.protected
                else known.get(item.code, ""),
            }
            for item in rule.items
        ],
        "lacking": left,
        "hows": {code: title(HOW, code) for code in HOW},
        "steps": [(one, kind_title(one.kind, one.code), one.number in stand)
                  for one in reversed(steps)],
        "forms": [_form(name, decides, not left) for name in open_now],
        "last": max(stand, default=None),
        "decides": decides,
        "sheet": any(one.kind == "decision" and one.code == "notify" for one in standing(steps)),
        "unpaid": unpaid(steps),
        "not_in_register": _not_in_register(case, steps),
    }  # fmt: skip


def _form(name: str, decides: bool, complete: bool) -> dict[str, Any]:
    """What a form shows; one that is seldom needed is folded."""
    kind = KINDS[name]
    return {
        "kind": name,
        "title": kind_title(name),
        "codes": {code: title(kind.codes or {}, code) for code in kind.codes or {}},
        "folded": name in ("closing", "correction") or (name == "interview" and complete),
        "may": decides or not kind.decides,
    }


def _not_in_register(case: Case, steps: tuple[Step, ...]) -> bool:
    """Whether the qualification was revoked here and the register still has the person insured."""
    gone = [one for one in standing(steps) if one.kind == "qualification" and one.code == "revoked"]
    return bool(gone) and insured_now(case, timezone.localdate())


def _take(visit: Visit, insurer: str, number: int, step: Step) -> HttpResponse:
    recording.take(insurer, number, step, visit.user)
    return redirect("bureau_case", insurer=insurer, number=number)


@require_safe
@looking
def bureau_sheet(visit: Visit, insurer: str, number: int) -> HttpResponse:
    """The sheet of a case as PDF (参考様式)."""
    from kokuho.forms.bureau import bureau_sheet_pdf

    insurer = insurer_held(visit, insurer)
    purpose = purpose_of(visit.request)
    if not purpose:
        return redirect("bureau")
    case = _case(insurer, number)
    today = timezone.localdate()
    try:
        content = bureau_sheet_pdf(sheet_of(insurer, number, today), made_on=today)
    except KokuhoError as error:
        raise Http404(str(error)) from error
    visit.show(Seen(insurer, case.resident_id, purpose=purpose))
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="bureau-{number}.pdf"'
    return answer


def _case(insurer: str, number: int) -> Case:
    try:
        return recording.case_of(insurer, number)
    except LinkageError as error:
        raise Http404 from error
