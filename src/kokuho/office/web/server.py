"""The office as a server: gunicorn with one worker and threads, nothing else to set up.

Polars may not be forked after its import: the parent is a fresh process that imports nothing but
this module, and the worker imports the rest.
"""

from __future__ import annotations

import os
import secrets
import sys
from typing import Any, NoReturn

from gunicorn.app.base import BaseApplication

from kokuho.office.configuration import SHORTEST_SECRET

THREADS = 8


class Office(BaseApplication):  # type: ignore[misc]
    """Gunicorn, configured by us alone: no file and no command line of its own."""

    def __init__(self, host: str, port: int) -> None:
        self.options = {
            "bind": f"{host}:{port}",
            "workers": 1,
            "threads": THREADS,
            "worker_class": "gthread",
            "preload_app": False,
            "timeout": 120,
            "graceful_timeout": 10,
            # addresses hold no names, and still the log of looks is the place for who saw whom
            "accesslog": None,
            "loglevel": "warning",
            "proc_name": "kokuho",
        }
        super().__init__()

    def load_config(self) -> None:
        """Take the options."""
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """The application; called in the worker."""
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kokuho.office.settings")
        from django.core.wsgi import get_wsgi_application

        application = get_wsgi_application()
        # so that the first visitor does not wait for it
        import kokuho.office.household.levied
        import kokuho.office.web.urls  # noqa: F401

        return application


def serve(host: str, port: int) -> NoReturn:
    """Serve in a fresh process in place of this one, until somebody stops it (SIGINT, SIGTERM)."""
    os.execv(sys.executable, [sys.executable, "-m", __name__, host, str(port)])


if __name__ == "__main__":
    # one key for all workers of this process, where none is set
    os.environ.setdefault("KOKUHO_SECRET_KEY", secrets.token_urlsafe(SHORTEST_SECRET))
    Office(sys.argv[1], int(sys.argv[2])).run()
