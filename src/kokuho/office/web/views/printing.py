"""Printing: the batches of an insurer, one of them with its files, and the form that begins one.

The pages only read: what a form asks for is done behind them (``Visit.act``), so that counting a
city's papers keeps nobody from writing.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from kokuho.base.calendar import era_date, fiscal_year_of
from kokuho.base.errors import InputError, KokuhoError
from kokuho.base.messages import translator
from kokuho.forms.papers import KINDS
from kokuho.office.accounts.looks import Seen
from kokuho.office.accounts.rights import PRINTING, allowed
from kokuho.office.household.dates import day_of
from kokuho.office.household.people import names
from kokuho.office.jobs import runs
from kokuho.office.jobs.runs import Run
from kokuho.office.printing import desk
from kokuho.office.printing.batch import KIND, composer_of
from kokuho.office.printing.kinds import COMPOSERS, Asked
from kokuho.office.printing.lists import left_out
from kokuho.office.printing.record import Planned
from kokuho.office.web.looking import Visit, looking

_ = translator("web")

A_PAGE = 50
"""Papers on one page of the control list."""

AGAIN = 5
"""Seconds after which a page shows anew how far a batch is."""


@require_safe
@looking
def printing(visit: Visit) -> HttpResponse:
    """The batches of one insurer: counts alone, nobody's name."""
    insurer = visit.insurer
    rows = desk.batches(insurer) if insurer else []
    page = Paginator(rows, A_PAGE).get_page(visit.request.GET.get("page"))
    going = _refreshes(visit, *page.object_list)
    context = {
        "insurer": visit.insurers.get(insurer),
        "rows": [(run, desk.asked_of(run), desk.stopped(run)) for run in page.object_list],
        "page": page,
        "may": insurer in allowed(visit.user, PRINTING),
        "refreshing": going,
    }
    return _refreshing(render(visit.request, "office/printing.html", context), going)


@require_http_methods(["GET", "POST"])
@looking
def printing_batch(visit: Visit, insurer: str, pk: int) -> HttpResponse:
    """One batch: how far it is, counts and sums, the control list, its files; stop or go on."""
    run = _run(visit, insurer, pk)
    may = insurer in allowed(visit.user, PRINTING)
    if visit.request.method == "POST" and not visit.refused:
        if not may:
            raise PermissionDenied
        visit.act = lambda: _do(visit, run)
    context: dict[str, Any] = {
        "insurer": visit.insurers[insurer],
        "run": run,
        "asked": desk.asked_of(run),
        "stopped": desk.stopped(run),
        "left": left_out(insurer, run.key),
        "may": may,
    }
    context["refreshing"] = going = _refreshes(visit, run)
    if may and not going:
        rows = Planned.objects.filter(run=run.pk).select_related("household").order_by("place")
        page = Paginator(rows, A_PAGE).get_page(visit.request.GET.get("page"))
        shown = [row for row in page.object_list if not row.protected]
        visit.show(*(Seen(insurer, row.payer_id, row.household_id) for row in shown))
        context |= {
            "files": desk.files(run),
            "page": page,
            "people": names({row.payer_id for row in shown}),
        }
    status = 409 if visit.refused else 200
    answer = render(visit.request, "office/printing_batch.html", context, status=status)
    return _refreshing(answer, going)


def _refreshes(visit: Visit, *shown: Run) -> bool:
    """Whether the page is to be shown anew by itself: a batch on it goes on, and nobody said no."""
    if visit.request.method != "GET" or "still" in visit.request.GET:
        return False
    return any(run.state == Run.State.RUNNING and not desk.stopped(run) for run in shown)


def _refreshing(answer: HttpResponse, going: bool) -> HttpResponse:
    """Let the browser ask again by itself: no script runs in the pages."""
    if going:
        answer["Refresh"] = str(AGAIN)
    return answer


def _do(visit: Visit, run: Run) -> HttpResponse:
    if "cancel" in visit.request.POST:
        runs.ask_to_cancel(run.insurer_id, KIND, run.key)
    elif "go_on" in visit.request.POST and desk.stopped(run):
        desk.go_on(run, str(visit.user))
    return redirect("printing_batch", insurer=run.insurer_id, pk=run.pk)


@require_safe
@looking
def printing_file(visit: Visit, insurer: str, pk: int, name: str) -> HttpResponse:
    """A file of a batch; everybody on it counts as looked at."""
    run = _run(visit, insurer, pk)
    if insurer not in allowed(visit.user, PRINTING):
        raise PermissionDenied
    if name not in {one.name for one in desk.files(run)}:
        raise Http404
    visit.show(
        *(
            Seen(insurer, payer, household)
            for payer, household in desk.inside(run, name).values_list("payer_id", "household_id")
        )
    )
    content = (desk.batch_folder(insurer, run.key) / name).read_bytes()
    kind = "text/csv; charset=utf-8" if name.endswith(".csv") else "application/pdf"
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{run.key}-{name}"'
    return answer


def _run(visit: Visit, insurer: str, pk: int) -> Run:
    found = Run.objects.filter(insurer_id=insurer, kind=KIND, pk=pk).first()
    if insurer not in visit.insurers or found is None:
        raise Http404
    run: Run = found
    return run


@require_http_methods(["GET", "POST"])
@looking
def printing_new(visit: Visit, insurer: str) -> HttpResponse:
    """The form of a batch: its kind, of what, a preview of count and sum, the start."""
    if insurer not in visit.insurers:
        raise Http404
    if insurer not in allowed(visit.user, PRINTING):
        raise PermissionDenied
    form = Form(visit, insurer)
    post = visit.request.method == "POST"
    if post:
        form.look()
    if post and "start" in visit.request.POST and form.ready and not visit.refused:
        visit.act = lambda: redirect("printing_batch", insurer=insurer, pk=form.begin())
    context = {
        "insurer": visit.insurers[insurer],
        "form": form,
        "kinds": [KINDS[key] for key in COMPOSERS if desk.asks(key) is not None],
    }
    status = 409 if visit.refused else 400 if form.mistakes else 200
    return render(visit.request, "office/printing_new.html", context, status=status)


class Form:
    """What was typed of a batch, what is wrong with it, and what it would print."""

    def __init__(self, visit: Visit, insurer: str) -> None:
        given = visit.request.POST or visit.request.GET
        today = timezone.localdate()
        self.visit, self.insurer = visit, insurer
        self.kind = given.get("kind", "") if given.get("kind") in COMPOSERS else ""
        self.needs = (desk.asks(self.kind) or ()) if self.kind else ()
        self.fiscal_year = given.get("fiscal_year") or str(fiscal_year_of(today))
        self.year = given.get("year") or str(today.year)
        self.run = given.get("run", "")
        self.since = given.get("since", "")
        self.day = given.get("day") or era_date(today)
        self.choices = desk.choices(insurer, self.kind)
        self.mistakes: dict[str, str] = {}
        self.preview: desk.Preview | None = None
        self.missing: tuple[str, ...] = ()
        self.refused = visit.refused

    @property
    def ready(self) -> bool:
        """Whether there is something that can be started."""
        return bool(not self.mistakes and not self.refused and self.preview
                    and self.preview.agrees and self.preview.papers)  # fmt: skip

    def look(self) -> None:
        """Read what was typed, and count what there would be."""
        read = self._read()
        if read is None:
            return
        asked, on = read
        try:
            self.missing = tuple(desk.office_of(self.insurer).missing)
            self.preview = desk.preview(self.insurer, asked, on)
        except KokuhoError as error:
            self.refused = self.refused or str(error)

    def begin(self) -> int:
        """Start the batch; the row number of its run."""
        read = self._read()
        if read is None:
            raise InputError(next(iter(self.mistakes.values())))
        asked, on = read
        return desk.begin(self.insurer, asked, on, str(self.visit.user))

    def _read(self) -> tuple[Asked, date] | None:
        if not self.kind:
            self.mistakes["kind"] = _("Choose what is printed.")
            return None
        on = self._day("day", self.day)
        asked = Asked(
            self.kind,
            fiscal_year=None
            if "run" in self.needs and self.run
            else self._number("fiscal_year", self.fiscal_year),
            run=self._chosen(),
            since=self._day("since", self.since) if "since" in self.needs else None,
            year=self._number("year", self.year),
        )
        if self.mistakes or on is None:
            return None
        composer_of(asked)
        return asked, on

    def _chosen(self) -> str | None:
        if "run" not in self.needs or (not self.run and "fiscal_year" in self.needs):
            return None
        if self.run not in self.choices:
            self.mistakes["run"] = _("Choose one of the list.")
        return self.run

    def _number(self, name: str, text: str) -> int | None:
        if name not in self.needs:
            return None
        if not (text.isascii() and text.isdecimal() and 2000 <= int(text) <= 2100):
            self.mistakes[name] = _("Not a year, such as 2026.")
            return None
        return int(text)

    def _day(self, name: str, text: str) -> date | None:
        try:
            return day_of(text)
        except ValueError:
            self.mistakes[name] = _("Not a date, such as R8.4.1 or 2026-04-01.")
            return None
