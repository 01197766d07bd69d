"""``kokuho serve``: the office in the browser."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from kokuho.base.messages import translator

_ = translator("web")


def register(app: typer.Typer) -> None:
    """Add the command to the main application."""
    app.command("serve")(serve)


def serve(
    port: Annotated[int, typer.Option(min=1, max=65535, help="待ち受けるポート")] = 8000,
    host: Annotated[
        str, typer.Option(help="待ち受けるアドレス(既定はこの機械からだけ)")
    ] = "127.0.0.1",
) -> None:
    """窓口の画面を開けるようにします(止めるには Ctrl+C)。"""
    from kokuho.office.start import start

    start(serving=True)
    from kokuho.office.web import assets, server

    assets.check()
    _check_port(host, port)
    shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host
    typer.echo(
        _("Serving at {address} (Ctrl+C stops it)").format(address=f"http://{shown}:{port}/")
    )
    sys.stdout.flush()
    server.serve(host, port)


def _check_port(host: str, port: int) -> None:
    import socket

    from kokuho.base.errors import SettingError

    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise SettingError(
                _("Cannot listen at {host}, port {port}: {reason}").format(
                    host=host, port=port, reason=error.strerror
                )
            ) from None
