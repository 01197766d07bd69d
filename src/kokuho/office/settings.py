"""Django's settings, all from :mod:`kokuho.office.configuration`; nothing is configured here."""

from __future__ import annotations

import secrets

from kokuho.base.messages import language
from kokuho.office.configuration import SHORTEST_SECRET, django_database, read
from kokuho.office.web.assets import asset_folders

_configuration = read()

SECRET_KEY = _configuration.secret_key or secrets.token_urlsafe(SHORTEST_SECRET)
DEBUG = False

DATABASES = {"default": django_database(_configuration.database)}
if _configuration.owner:
    DATABASES["owner"] = django_database(_configuration.owner)

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "kokuho.office.register",
    "kokuho.office.jobs",
    "kokuho.office.assessment",
    "kokuho.office.billing",
    "kokuho.office.ledger",
    "kokuho.office.collection",
    "kokuho.office.arrears",
    "kokuho.office.statistics",
    "kokuho.office.printing",
    "kokuho.office.accounts",
    "kokuho.office.web",
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = language()
USE_TZ = True
TIME_ZONE = "Asia/Tokyo"

# Pages

ROOT_URLCONF = "kokuho.office.web.urls"
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "kokuho.office.web.headers.headers",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    # the place of the second factor: between who somebody is and whether they may enter
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["kokuho.office.web.looking.around"]},
    }
]
STATIC_URL = "/static/"
STATICFILES_DIRS = asset_folders()
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 3600

# Who may enter

AUTH_USER_MODEL = "accounts.User"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in (
        ("MinimumLengthValidator", {"min_length": 12}),
        ("UserAttributeSimilarityValidator", {}),
        ("CommonPasswordValidator", {}),
        ("NumericPasswordValidator", {}),
    )
]
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "search"
LOGOUT_REDIRECT_URL = "sign_in"
SESSION_COOKIE_AGE = 8 * 60 * 60  # a working day
SESSION_EXPIRE_AT_BROWSER_CLOSE = True

# How the office is reached: on this machine alone, or by its names through a proxy that speaks TLS

CSRF_FAILURE_VIEW = "kokuho.office.web.views.failures.form_refused"
ALLOWED_HOSTS = ["127.0.0.1", "localhost", *_configuration.hosts]
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in _configuration.hosts]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = bool(_configuration.hosts)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _configuration.hosts else None
SECURE_HSTS_SECONDS = 31_536_000 if _configuration.hosts else 0
CSRF_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "DENY"
