"""The copy store: registered once, whatever comes twice, late or out of order."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kokuho.linkage.messages import digest_of
from kokuho.linkage.messages.layout_values import carried
from kokuho.linkage.messages.record import CollectionRecord, person_digest
from tests.mesh.clients import AGENCY, CITY, LAYOUT, MUNICIPALITY, Mesh, inquiry, record


def stands(mesh: Mesh, person: str = "1001") -> list[dict[str, object]]:
    heard = mesh.ask(AGENCY, "inquire", inquiry([mesh.code(person)]))
    [about] = heard.body["persons"]
    return [dict(one["fields"]) for one in about["records"]]


def digests(mesh: Mesh, records: list[CollectionRecord]) -> list[dict[str, object]]:
    layout = mesh.service.exchange.layouts.known[LAYOUT]
    of_person: dict[str, list[tuple[str, int, str]]] = {}
    for one in records:
        read = carried(layout, one)
        of_person.setdefault(read.person, []).append((read.key, read.version, read.content))
    return [
        {"person": person, "records": len(all_of), "digest": person_digest(all_of)}
        for person, all_of in sorted(of_person.items())
    ]


def reconcile(
    mesh: Mesh, persons: list[dict[str, object]], after: str = "", until: str = ""
) -> object:
    body = {"municipality": MUNICIPALITY, "after": after, "until": until, "persons": persons}
    return mesh.ask(CITY, "reconcile", body).body["differences"]


def test_a_batch_is_registered_and_answered_with_the_digest_of_what_stands(mesh: Mesh) -> None:
    records = [record(term=1), record(term=2)]
    heard = mesh.register(*records)
    layout = mesh.service.exchange.layouts.known[LAYOUT]
    read = [carried(layout, one) for one in records]
    assert (heard.status, heard.kind) == (200, "registered")
    assert (heard.body["taken"], heard.body["unchanged"], heard.body["refused"]) == (2, 0, [])
    assert heard.body["digest"] == digest_of(
        sorted([one.key, one.version, one.content] for one in read)
    )


def test_a_full_file_of_the_layout_is_registered(mesh: Mesh) -> None:
    split = mesh.service.exchange.layouts.known[LAYOUT].split
    heard = mesh.register(*(record(str(n)) for n in range(split + 1)))
    assert (heard.status, heard.body["taken"]) == (200, split + 1)


def test_the_same_batch_again_says_the_same_and_changes_nothing(mesh: Mesh) -> None:
    first = mesh.register(record(term=1), record(term=2))
    again = mesh.register(record(term=1), record(term=2))
    assert again.body == first.body
    assert len(stands(mesh)) == 2


def test_what_another_batch_registered_already_is_unchanged(mesh: Mesh) -> None:
    mesh.register(record())
    assert mesh.register(record(), batch="b2").body["unchanged"] == 1


def test_a_payment_replaces_arrears_and_a_late_older_state_does_not_come_back(mesh: Mesh) -> None:
    mesh.register(record(version=2, paid=20_000, overdue=0))
    heard = mesh.register(record(version=1), batch="b0")
    [refused] = heard.body["refused"]
    assert (refused["code"], refused["record"], refused["version"]) == ("out_of_order", 1, 1)
    [one] = stands(mesh)
    assert (one["paid"], one["overdue"]) == (20_000, 0)


def test_a_batch_that_is_sent_again_after_a_newer_one_is_no_fault(mesh: Mesh) -> None:
    mesh.register(record(version=1), batch="b1")
    mesh.register(record(version=2, paid=20_000, overdue=0), batch="b2")
    heard = mesh.register(record(version=1), batch="b1")
    assert (heard.body["taken"], heard.body["refused"]) == (1, [])
    assert stands(mesh)[0]["overdue"] == 0


def test_another_content_under_the_same_version_is_refused(mesh: Mesh) -> None:
    mesh.register(record())
    heard = mesh.register(record(overdue=1), batch="b2")
    assert [one["code"] for one in heard.body["refused"]] == ["conflict"]


def test_a_withdrawal_leaves_the_answer_and_stays_in_the_history(mesh: Mesh) -> None:
    mesh.register(record())
    mesh.register(record().next_version(2, "withdraw"), batch="b2")
    assert stands(mesh) == []
    rows = mesh.service.database.connection().execute(
        "SELECT version, action FROM copy ORDER BY id"
    )
    assert rows.fetchall() == [(1, "register"), (2, "withdraw")]


def test_a_bad_record_leaves_the_others_alone(mesh: Mesh) -> None:
    body = mesh.batch([record(term=1), record(term=2, municipality="139947")])
    heard = mesh.ask(CITY, "register", body)
    assert heard.body["taken"] == 1
    assert [(one["record"], one["code"]) for one in heard.body["refused"]] == [(2, "municipality")]


def test_a_file_that_is_not_what_its_digest_says_is_refused_whole(mesh: Mesh) -> None:
    body = mesh.batch([record()])
    body["parts"][0]["digest"] = "0" * 64
    heard = mesh.ask(CITY, "register", body)
    assert heard.body["taken"] == 0
    assert [(one["record"], one["code"]) for one in heard.body["refused"]] == [(0, "digest")]


def test_a_reconciliation_names_who_is_missing_extra_and_different(mesh: Mesh) -> None:
    here = [record("1001"), record("1002"), record("1003")]
    mesh.register(*here)
    assert reconcile(mesh, digests(mesh, here)) == []
    theirs = [record("1001"), record("1002", overdue=5), record("1004")]
    assert reconcile(mesh, digests(mesh, theirs)) == [
        {"person": "1002", "kind": "different"},
        {"person": "1003", "kind": "extra"},
        {"person": "1004", "kind": "missing"},
    ]


def test_a_reconciliation_goes_by_ranges(mesh: Mesh) -> None:
    mesh.register(record("1001"), record("1002"), record("1003"))
    middle = digests(mesh, [record("1002")])
    assert reconcile(mesh, middle, after="1001", until="1002") == []
    assert reconcile(mesh, middle, after="1001") == [{"person": "1003", "kind": "extra"}]


def test_a_person_under_protection_is_not_answered_automatically(mesh: Mesh) -> None:
    mesh.register(record(term=1), record(term=2, by_hand=True))
    [about] = mesh.ask(AGENCY, "inquire", inquiry([mesh.code()])).body["persons"]
    assert (about["state"], about["records"]) == ("by_hand", [])


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(order=st.permutations([1, 2, 3, 4]), twice=st.lists(st.sampled_from([1, 2, 3, 4])))
def test_in_whatever_order_versions_come_the_highest_stands(
    mesh: Mesh, order: list[int], twice: list[int]
) -> None:
    person = f"p{digest_of([order, twice])[:12]}"
    for version in [*order, *twice]:
        one = record(person, version=version, paid=version)
        mesh.register(one, batch=f"{person}-{version}")
    assert [one["paid"] for one in stands(mesh, person)] == [4]
