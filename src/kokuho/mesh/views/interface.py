"""The interface for systems: tokens, their introspection, messages, health; see openapi.yaml."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import cache
from importlib import resources
from typing import Any

import yaml
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from kokuho.base.errors import KokuhoError
from kokuho.linkage.messages import LARGEST
from kokuho.mesh import tokens
from kokuho.mesh.serving import service
from kokuho.mesh.tokens import TokenRefusedError
from kokuho.mesh.views.headers import certificate_of

JOSE = "application/jose"
FORM = "application/x-www-form-urlencoded"
LARGEST_FORM = 16_384
"""Bytes of a request for a token."""


@require_GET
def health(_request: HttpRequest) -> HttpResponse:
    """Whether the mesh and its database are there."""
    with service().database.writing() as connection:
        connection.execute("SELECT 1")
    return JsonResponse({"status": "ok"})


@require_GET
def description(_request: HttpRequest) -> HttpResponse:
    """The OpenAPI description."""
    return JsonResponse(openapi())


@cache
def openapi() -> dict[str, Any]:
    """The description, from its file."""
    text = (resources.files("kokuho.mesh") / "openapi.yaml").read_text(encoding="utf-8")
    stated: dict[str, Any] = yaml.safe_load(text)
    return stated


@csrf_exempt
@require_POST
def token(request: HttpRequest) -> HttpResponse:
    """A token (RFC 6749, 4.4)."""
    return _at_the_desk(request, _issue)


@csrf_exempt
@require_POST
def introspect(request: HttpRequest) -> HttpResponse:
    """What a token holds (RFC 7662)."""
    return _at_the_desk(request, _introspect)


def _at_the_desk(request: HttpRequest, answer: Any) -> HttpResponse:
    held, now, certificate = service(), datetime.now(UTC), certificate_of(request)
    try:
        form = _form(request)
        with held.database.writing() as connection:
            client = held.desk.client_of(
                connection, form, request.headers.get("Authorization", ""), certificate, now
            )
            return JsonResponse(answer(held, connection, client, certificate, form, now))
    except TokenRefusedError as error:
        held.journal.event("token_refused", error.code, now)
        response = JsonResponse(
            {"error": error.code}, status=401 if error.code == "invalid_client" else 400
        )
        if error.code == "invalid_client":
            response["WWW-Authenticate"] = 'Basic realm="kokuho-mesh"'
        return response


def _form(request: HttpRequest) -> dict[str, str]:
    if request.content_type != FORM or _length(request) > LARGEST_FORM:
        raise TokenRefusedError("invalid_request")
    lists = dict(request.POST.lists())
    if any(len(values) != 1 for values in lists.values()):
        raise TokenRefusedError("invalid_request")  # RFC 6749, 3.2: no parameter twice
    return {str(name): str(values[0]) for name, values in lists.items()}


def _issue(held: Any, connection: Any, client: str, certificate: str, form: Any, now: Any) -> Any:
    return held.desk.issue(connection, client, certificate, form, now)


def _introspect(
    _held: Any, connection: Any, client: str, _certificate: str, form: Any, now: Any
) -> Any:
    if not form.get("token"):
        raise TokenRefusedError("invalid_request")
    return tokens.introspection(tokens.look_up(connection, form["token"], now), client)


@csrf_exempt
@require_POST
def messages(request: HttpRequest) -> HttpResponse:
    """A sealed message, answered by a sealed one."""
    held, now = service(), datetime.now(UTC)
    scheme, _blank, text = request.headers.get("Authorization", "").partition(" ")
    found = None
    if scheme.lower() == "bearer" and text:
        found = tokens.look_up(held.database.connection(), text, now)
    if found is None:
        held.journal.event("message_refused", "invalid_token", now)
        response = JsonResponse({"error": "invalid_token"}, status=401)
        response["WWW-Authenticate"] = 'Bearer error="invalid_token"'
        return response
    if request.content_type != JOSE:
        return _refused(held, 415, "unsupported_media_type", now)
    if _length(request) > LARGEST:
        return _refused(held, 413, "too_large", now)
    sealed = request.read(LARGEST + 1).decode("utf-8", errors="replace")
    try:
        reply = held.exchange.take(sealed, found, certificate_of(request), now)
    except KokuhoError as error:
        print(f"kokuho mesh: {error}", flush=True)
        return _refused(held, 503, "not_available", now)
    return HttpResponse(reply.text, content_type=JOSE, status=reply.status)


def _refused(held: Any, status: int, code: str, now: datetime) -> HttpResponse:
    held.journal.event("message_refused", code, now)
    return HttpResponse(json.dumps({"error": code}), content_type="application/json", status=status)


def _length(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0
