"""Addresses of the mesh; each is described in openapi.yaml but for the examiner's page."""

from __future__ import annotations

from django.urls import path

from kokuho.mesh.views import examiner, interface

urlpatterns = [
    path("health", interface.health, name="health"),
    path("oauth2/token", interface.token, name="token"),
    path("oauth2/introspect", interface.introspect, name="introspect"),
    path("v1/messages", interface.messages, name="messages"),
    path("v1/openapi.json", interface.description, name="description"),
    path("examiner/", examiner.ask, name="ask"),
    path("examiner/evidence", examiner.evidence, name="evidence"),
]
