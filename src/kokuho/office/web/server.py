"""The office as a server: gunicorn with one worker and threads, nothing else to set up.

Polars may not be forked after its import: the worker imports the levy, the parent never does.
"""

from __future__ import annotations

from typing import Any

from gunicorn.app.base import BaseApplication

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
        from django.core.wsgi import get_wsgi_application

        application = get_wsgi_application()
        # so that the first visitor does not wait for it
        import kokuho.office.household.levied
        import kokuho.office.web.urls  # noqa: F401

        return application


def serve(host: str, port: int) -> None:
    """Serve until somebody stops it (SIGINT, SIGTERM)."""
    from django.db import connections

    connections.close_all()
    Office(host, port).run()
