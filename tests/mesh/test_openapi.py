"""schemathesis on the description: whatever comes, the answer is described and never a 5xx."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
import schemathesis
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

import kokuho.mesh
from kokuho.mesh.rehearsal import Rehearsal
from kokuho.mesh.service import Service
from tests.mesh.clients import CITY, Mesh
from tests.mesh.serving import Served, served
from tests.mesh.test_serving import basic, token

pytestmark = pytest.mark.slow

DESCRIPTION = yaml.safe_load(
    (Path(kokuho.mesh.__file__).parent / "openapi.yaml").read_text(encoding="utf-8")
)


@schemathesis.serializer("application/jose")
def jose(_context: Any, value: Any) -> bytes:
    return str(value).encode()


SCHEMA = schemathesis.openapi.from_dict(DESCRIPTION)
OPERATIONS = [one.ok() for one in SCHEMA.get_all_operations()]
TRIED = [
    pytest.param(one, mode, id=f"{one.method}-{one.path}-{mode.value}")
    for one in OPERATIONS
    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
    if one.method == "post" or mode is GenerationMode.POSITIVE  # a GET here has nothing to damage
]
CHECKS = [
    not_a_server_error, content_type_conformance, response_schema_conformance,
    status_code_conformance,
]  # fmt: skip


@pytest.fixture(scope="module")
def server(pattern: Rehearsal, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("described") / "mesh"
    shutil.copytree(pattern.folder, folder)
    secrets = folder.with_name("mesh.keys")
    shutil.copy(pattern.secrets, secrets)
    with served(Rehearsal(folder, secrets)) as running:
        yield running


@pytest.fixture(scope="module")
def session(server: Served) -> Iterator[requests.Session]:
    folder = server.rehearsal.client(CITY)
    with requests.Session() as made:
        made.cert = (str(folder / "certificate.pem"), str(folder / "certificate.key"))
        made.verify = str(folder / "ca.pem")
        made.trust_env = False
        yield made


def test_every_operation_is_tried() -> None:
    assert len(OPERATIONS) == 5


@pytest.fixture(scope="module")
def letters(server: Served) -> Mesh:
    return Mesh(Service.of(server.rehearsal), [])


@pytest.fixture(scope="module")
def bearer(server: Served) -> str:
    return f"Bearer {token(server, CITY).json()['access_token']}"


@pytest.mark.parametrize(("operation", "mode"), TRIED)
@pytest.mark.parametrize("known", [False, True], ids=["unknown", "known"])
def test_no_request_makes_an_error_of_the_server(
    server: Served,
    session: requests.Session,
    bearer: str,
    operation: Any,
    mode: GenerationMode,
    known: bool,
) -> None:
    own = basic(server, CITY) if "oauth2" in operation.path else bearer
    headers = {"Authorization": own} if known else {}

    @settings(
        max_examples=40,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def attempt(case: Any) -> None:
        answer = case.call(
            base_url=f"https://127.0.0.1:{server.port}",
            session=session,
            headers=headers,
            verify=session.verify,
        )
        checks = CHECKS if answer.status_code not in (400, 405) else [not_a_server_error]
        case.validate_response(answer, checks=checks)

    attempt()


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    kind=st.sampled_from(["register", "reconcile", "codes", "inquire", "provisions", "echo", "x"]),
    body=st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    ),
)
def test_whatever_a_signed_message_says_it_is_answered(
    server: Served,
    session: requests.Session,
    letters: Mesh,
    bearer: str,
    kind: str,
    body: Any,
) -> None:
    sealed = letters.letter(CITY, kind, body if isinstance(body, dict) else {"body": body})
    answer = session.post(
        f"https://127.0.0.1:{server.port}/v1/messages",
        data=sealed,
        headers={"Authorization": bearer, "Content-Type": "application/jose"},
    )
    assert answer.status_code in (200, 400, 403, 422)
