"""Pages for what went wrong; they say nothing of what there is."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """No such page, or none for this user: the answer is the same."""
    return _page(request, 404)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Refused."""
    return _page(request, 403)


def form_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that did not come from our page, or from one that is too old (CSRF)."""
    return _page(request, 403, form=True)


def failed(request: HttpRequest) -> HttpResponse:
    """Our mistake. The template needs no database, which may be what failed."""
    return _page(request, 500)


def _page(request: HttpRequest, status: int, **more: Any) -> HttpResponse:
    return render(request, "office/failure.html", {"status": status, **more}, status=status)
