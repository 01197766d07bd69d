"""Django's settings for the mesh: addresses, forms and templates; no database of Django's."""

from __future__ import annotations

import secrets

from kokuho.base.messages import language
from kokuho.mesh.assets import font_folders
from kokuho.mesh.serving import service

SECRET_KEY = secrets.token_urlsafe(50)
"""For the page's forms alone, which do not outlive the process."""
DEBUG = False
DATABASES: dict[str, object] = {}
INSTALLED_APPS = ["django.contrib.staticfiles", "kokuho.mesh"]
ROOT_URLCONF = "kokuho.mesh.urls"
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "kokuho.mesh.views.headers.headers",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = [
    {"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True, "OPTIONS": {}}
]
STATIC_URL = "/static/"
STATICFILES_DIRS = font_folders()
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 3600

LANGUAGE_CODE = language()
USE_TZ = True
TIME_ZONE = "Asia/Tokyo"

ALLOWED_HOSTS = [
    f"[{host}]" if ":" in host else host for host in service().rehearsal.organisations.hosts
]
CSRF_COOKIE_SECURE = CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"
SECURE_HSTS_SECONDS = 0  # 127.0.0.1 serves other things too
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 64 * 1024 * 1024  # as the largest message; a form holds an answer
APPEND_SLASH = False
