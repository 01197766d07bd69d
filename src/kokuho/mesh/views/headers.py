"""Headers of every answer, and the client's certificate without which nothing is answered."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from kokuho.linkage.messages import fingerprint

POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "font-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
"""Content-Security-Policy: the page has no script at all."""


def headers(respond: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """Middleware that sets them; answers hold personal data and are stored by nobody."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = respond(request)
        response["Content-Security-Policy"] = POLICY
        response.setdefault("Cache-Control", "no-store")
        return response

    return middleware


def certificate_of(request: HttpRequest) -> str:
    """Fingerprint of the certificate of the connection; the handshake has looked at it."""
    raw = request.META["gunicorn.socket"].getpeercert(binary_form=True)
    return fingerprint(raw)
