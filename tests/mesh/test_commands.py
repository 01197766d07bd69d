"""The commands, as they are typed."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography import x509
from typer.testing import CliRunner

from kokuho.base.errors import KokuhoError
from kokuho.cli import app
from kokuho.linkage.messages import Refusal
from kokuho.mesh.founding import certificate_of
from kokuho.mesh.rehearsal import Rehearsal, open_rehearsal
from tests.mesh.clients import CITY, HOSPITAL, Mesh

RUN = CliRunner()


def run(*arguments: str) -> str:
    done = RUN.invoke(app, ["mesh", *arguments], catch_exceptions=False)
    assert done.exit_code == 0
    return done.output


def test_init_makes_what_serve_starts_and_says_where_it_is(tmp_path: Path) -> None:
    told = run("init", str(tmp_path / "r"), "--port", "9443")
    assert str(tmp_path / "r.keys") in told
    made = open_rehearsal(tmp_path / "r")
    for name in made.organisations.by_id:
        assert str(made.client(name)) in told.replace("\n", "")
        link = (made.client(name) / "link.yaml").read_text(encoding="utf-8")
        assert "https://127.0.0.1:9443" in link


def test_init_takes_other_organisations_and_refuses_wrong_ones(tmp_path: Path) -> None:
    own = tmp_path / "organisations.yaml"
    text = "organisations: [{id: town, title: 架空町, institution: municipality, SCOPES}]"
    own.write_text(text.replace("SCOPES", "scopes: [mesh:echo:read]"), encoding="utf-8")
    run("init", str(tmp_path / "a"), "--organisations", str(own))
    assert set(open_rehearsal(tmp_path / "a").organisations.by_id) == {"town"}
    for wrong in ("scopes: [everything]", 'municipalities: ["139999"]', "right: all"):
        own.write_text(text.replace("SCOPES", wrong), encoding="utf-8")
        with pytest.raises(KokuhoError, match=r"organisations\.yaml"):
            run("init", str(tmp_path / "b"), "--organisations", str(own))
        assert not (tmp_path / "b").exists()


def test_what_is_revoked_connects_and_signs_no_more(mesh: Mesh) -> None:
    rehearsal = mesh.service.rehearsal
    run("revoke", str(rehearsal.folder), HOSPITAL)
    crl = x509.load_pem_x509_crl((rehearsal.authority / "crl.pem").read_bytes())
    revoked = {one.serial_number for one in crl}
    assert revoked == {certificate_of(rehearsal.client(HOSPITAL)).serial_number}
    assert mesh.ask(HOSPITAL, "echo", {}).body == {"code": Refusal.REVOKED_KEY.value}
    assert mesh.ask(CITY, "echo", {}).status == 200
    with pytest.raises(KokuhoError, match="nobody"):
        run("revoke", str(rehearsal.folder), "nobody")


def test_rotate_key_says_how_much_was_written_anew(rehearsal: Rehearsal) -> None:
    assert "3" in run("rotate-key", str(rehearsal.folder))
    assert set(open_rehearsal(rehearsal.folder).keys.keys) == {2}
