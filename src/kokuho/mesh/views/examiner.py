"""The examiner's page: one or many persons, a purpose, an answer that can be verified later.

In a rehearsal it stands in for the examining agency's own system, so it signs the inquiry with the
agency's key; who may open it is decided by the client certificate of the connection.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from kokuho.base.calendar import JAPAN
from kokuho.linkage.messages import (
    Envelope,
    Expected,
    RefusedError,
    digest_of_text,
    new_number,
    reading,
    seal,
    unseal,
    wording,
)
from kokuho.linkage.messages.bodies import MOST_PERSONS, SCOPES
from kokuho.mesh.organisations import Organisation
from kokuho.mesh.service import Service
from kokuho.mesh.serving import service
from kokuho.mesh.tokens import Token
from kokuho.mesh.views.headers import certificate_of

EVIDENCE_LIFE = timedelta(days=1)


class Inquiry(forms.Form):
    """What an examiner asks."""

    purpose = forms.ChoiceField(
        label="照会の事務(目的) / Purpose",
        error_messages={"required": "照会の事務を選んでください。 / Choose a purpose."},
    )
    officer = forms.RegexField(
        r"^[A-Za-z0-9_-]{1,40}$",
        label="担当者の番号 / Officer (no name)",
        error_messages={
            "required": "担当者の番号を入力してください。 / Enter the officer's number.",
            "invalid": "英数字と - _ で40字までです。 / Letters, digits, - and _, at most 40.",
        },
    )
    reason = forms.RegexField(
        r"^[A-Za-z0-9_-]{1,40}$",
        label="案件の番号 / Case number",
        error_messages={
            "required": "案件の番号を入力してください。 / Enter the number of the case.",
            "invalid": "英数字と - _ で40字までです。 / Letters, digits, - and _, at most 40.",
        },
    )
    codes = forms.CharField(
        label="照会する人の符号(1行に1人) / Codes, one a line",
        widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "false"}),
        error_messages={"required": "符号を入力してください。 / Enter the codes."},
    )

    def __init__(self, purposes: list[tuple[str, str]], data: Any = None) -> None:
        super().__init__(data, label_suffix="")
        choice = self.fields["purpose"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [("", "選んでください / Choose"), *purposes]
        for name, field in self.fields.items():
            field.widget.attrs["aria-describedby"] = f"error_{name}"
            field.widget.attrs["autocomplete"] = "off"

    def clean_codes(self) -> list[str]:
        """The codes, each once."""
        codes = list(dict.fromkeys(self.cleaned_data["codes"].split()))
        if not codes or len(codes) > MOST_PERSONS or any(len(code) > 200 for code in codes):
            raise forms.ValidationError(
                f"1人から{MOST_PERSONS}人までです。 / From 1 to {MOST_PERSONS} persons."
            )
        return codes


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """The form, and under it the answer."""
    held, certificate, now = service(), certificate_of(request), datetime.now(UTC)
    organisation = _examiner(held, certificate)
    if organisation is None:
        held.journal.event("page_refused", "no_right", now)
        return render(
            request, "mesh/failure.html", {"words": wording.REFUSED_WORDS["no_right"]}, status=403
        )
    rules = held.rehearsal.rules.of(organisation.institution)
    form = Inquiry([(rule.purpose, rule.title) for rule in rules], request.POST or None)
    facts: dict[str, Any] = {"form": form, "organisation": organisation}
    if not form.is_valid():
        return render(request, "mesh/ask.html", facts, status=422 if form.is_bound else 200)
    sealed = _inquiry(held, organisation, certificate, form.cleaned_data, now)
    token = Token(organisation.id, certificate, frozenset(organisation.scopes), 0)
    reply = held.exchange.take(sealed, token, certificate, now)
    return render(request, "mesh/ask.html", facts | _answered(held, organisation, reply.text))


def _examiner(held: Service, certificate: str) -> Organisation | None:
    """The organisation of a certificate, if it may inquire."""
    row = (
        held.database.connection()
        .execute("SELECT id FROM organisation WHERE certificate = ?", (certificate,))
        .fetchone()
    )
    found = held.rehearsal.organisations.by_id.get(row[0]) if row else None
    return found if found and SCOPES["inquire"] in found.scopes else None


def _inquiry(
    held: Service, organisation: Organisation, certificate: str, said: dict[str, Any], now: datetime
) -> str:
    body = {name: said[name] for name in ("purpose", "officer", "reason", "codes")}
    envelope = Envelope(
        kind="inquire",
        number=new_number(),
        sender=organisation.id,
        receiver=held.rehearsal.organisations.mesh,
        sent_at=now,
        certificate=certificate,
        answers="",
        body=body,
    )
    return seal(envelope, held.key_of(organisation.id))


def _opened(held: Service, organisation: Organisation, sealed: str) -> Envelope:
    """An answer of this mesh to this organisation, not older than a day.

    Raises:
        RefusedError: it is none.
    """
    expected = Expected(
        organisation.id,
        held.rehearsal.organisations.mesh,
        held.exchange.certificate,
        frozenset({"answer", "refused"}),
        EVIDENCE_LIFE,
    )
    return unseal(sealed, held.rehearsal.ring(), expected, datetime.now(UTC))


def _answered(held: Service, organisation: Organisation, sealed: str) -> dict[str, Any]:
    envelope = _opened(held, organisation, sealed)
    if envelope.kind == "refused":
        code = envelope.body["code"]
        return {"refused": wording.REFUSED_WORDS.get(code, wording.OTHERWISE_REFUSED)}
    return {
        "answer": envelope,
        "how": wording.HOW_TO_READ,
        "of_the_head": wording.OF_THE_HEAD,
        "answered_at": envelope.sent_at.astimezone(JAPAN),
        "persons": [_person(one) for one in envelope.body["persons"]],
        "sealed": sealed,
        "digest": digest_of_text(sealed),
        "signer": held.exchange.key.public.number,
    }


def _person(answer: dict[str, Any]) -> dict[str, Any]:
    person = reading.Person.of(answer)
    return {
        "code": person.code,
        "state": wording.STATE_WORDS[person.state],
        "found": person.state == "found",
        "of_others": person.of_others,
        "as_of": person.as_of,
        "totals": [(wording.OWED_BY[own], _sums(sums)) for own, sums in person.totals()],
        "lines": [_row(line) for line in person.lines],
    }


def _sums(sums: dict[str, int]) -> list[tuple[str, str, str, int]]:
    return [(*wording.CLASS_WORDS[name], sums[name]) for name in reading.CLASSES]


def _row(line: reading.Line) -> dict[str, Any]:
    fields = line.fields
    return {
        "year": fields.get("year_meant"),
        "kind": wording.CODED["kind"].get(str(fields.get("kind")), ""),
        "channel": wording.CODED["channel"].get(str(fields.get("channel")), ""),
        "term": fields.get("term"),
        "due": line.due,
        "assessed": fields.get("assessed"),
        "own": line.own,
        "amounts": [(*wording.CLASS_WORDS[name][:2], yen) for name, yen in line.amounts.items()],
        "as_of": line.as_of,
        "municipality": line.municipality,
        "registered_at": line.registered_at,
    }


@require_POST
def evidence(request: HttpRequest) -> HttpResponse:
    """The evidence for an answer that the page showed: for a file, verified without this mesh."""
    held, now = service(), datetime.now(UTC)
    organisation = _examiner(held, certificate_of(request))
    sealed = request.POST.get("sealed", "")
    try:
        if organisation is None:
            held.journal.event("page_refused", "no_right", now)
            return render(
                request,
                "mesh/failure.html",
                {"words": wording.REFUSED_WORDS["no_right"]},
                status=403,
            )
        answer = _opened(held, organisation, sealed)
        found = held.journal.evidence(sealed, now)
    except RefusedError:
        found = None
    if found is None:
        held.journal.event("page_refused", "unknown_answer", now)
        return render(
            request, "mesh/failure.html", {"words": wording.OTHERWISE_REFUSED}, status=404
        )
    response = HttpResponse(
        json.dumps(asdict(found), ensure_ascii=False) + "\n", content_type="application/json"
    )
    response["Content-Disposition"] = f'attachment; filename="answer-{answer.number}.json"'
    return response
