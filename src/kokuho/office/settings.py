"""Django's settings, all from :mod:`kokuho.office.configuration`; nothing is configured here."""

from __future__ import annotations

import secrets

from kokuho.base.messages import language
from kokuho.office.configuration import SHORTEST_SECRET, django_database, read

_configuration = read()

SECRET_KEY = _configuration.secret_key or secrets.token_urlsafe(SHORTEST_SECRET)
DEBUG = False

DATABASES = {"default": django_database(_configuration.database)}
if _configuration.owner:
    DATABASES["owner"] = django_database(_configuration.owner)

INSTALLED_APPS = ["kokuho.office.register", "kokuho.office.jobs"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = language()
USE_TZ = True
TIME_ZONE = "Asia/Tokyo"
