"""An insurer sees its own rows and no others, whoever asks."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, connection, connections

from kokuho.base.errors import StoreError
from kokuho.office.register.models import Enrolment, Identity, Insurer, Resident
from kokuho.office.store import guards, schema
from kokuho.office.tenancy import ForeignInsurerError, seeing, visible
from tests.office import postgresql
from tests.office.conftest import INSURER, OTHER, Store, use
from tests.office.people import add_insurer, add_resident, moment


@pytest.fixture(autouse=True)
def _two_insurers(store: Store) -> None:
    for code, name in ((INSURER, "架空市"), (OTHER, "架空町")):
        add_insurer(code, name)
        with seeing([code], writing=True):
            add_resident("1", moment(code), kanji=name)


def names() -> list[str]:
    return sorted(identity.kanji for identity in Identity.objects.all())


def test_each_insurer_sees_its_own_rows() -> None:
    for codes, expected in (
        ([INSURER], ["架空市"]),
        ([OTHER], ["架空町"]),
        ([INSURER, OTHER], ["架空市", "架空町"]),
        ([], []),
        (["999999"], []),
    ):
        with seeing(codes):
            assert names() == expected
            assert sorted(Insurer.objects.values_list("name", flat=True)) == expected


def test_outside_of_a_block_nothing_is_seen() -> None:
    assert names() == []
    assert visible() == frozenset()
    with pytest.raises(Resident.DoesNotExist):
        Resident.objects.get(address_number="1")


def test_every_table_is_reached_through_the_separating_manager() -> None:
    for model in guards.guarded_models():
        with seeing([]):
            assert not model._default_manager.exists()
            assert not model._base_manager.exists()
        where = str(model._base_manager.none().query.model._base_manager.all().query.where)
        assert where == str(model._default_manager.all().query.where)


def test_a_relation_does_not_lead_to_another_insurer() -> None:
    with seeing([INSURER]):
        identity = Identity.objects.get()
    with seeing([OTHER]), pytest.raises(Resident.DoesNotExist):
        _ = identity.resident


def test_a_row_of_another_insurer_is_not_written() -> None:
    with seeing([INSURER], writing=True):
        with pytest.raises(ForeignInsurerError):
            Resident.objects.create(insurer_id=OTHER, address_number="2")
        with pytest.raises(ForeignInsurerError):
            Resident.objects.bulk_create([Resident(insurer_id=OTHER, address_number="2")])


def test_a_block_that_only_sees_does_not_write() -> None:
    with pytest.raises(DatabaseError), seeing([INSURER]):
        Resident.objects.create(insurer_id=INSURER, address_number="2")
    with seeing([INSURER], writing=True):
        Resident.objects.create(insurer_id=INSURER, address_number="2")
        assert Resident.objects.count() == 2


def test_a_block_that_fails_leaves_nothing_behind() -> None:
    def fail() -> None:
        with seeing([INSURER], writing=True):
            add_resident("2", moment())
            _ = 1 // 0

    with pytest.raises(ZeroDivisionError):
        fail()
    with seeing([INSURER]):
        assert Resident.objects.count() == 1


def test_blocks_do_not_stand_in_each_other() -> None:
    with seeing([INSURER]), pytest.raises(RuntimeError, match="inside"), seeing([OTHER]):
        pass


def test_what_is_not_a_code_is_refused() -> None:
    for wrong in ("992011,992029", "", "x'y"):
        with pytest.raises(ValueError, match="codes"), seeing([wrong]):
            pass


def test_another_thread_sees_nothing_of_a_block() -> None:
    seen: list[Any] = []

    def look() -> None:
        seen.append(names())
        connections.close_all()

    with seeing([INSURER]):
        thread = threading.Thread(target=look)
        thread.start()
        thread.join()
    assert seen == [[]]


def test_a_reader_sees_one_state_while_another_writes() -> None:
    def write() -> None:
        with seeing([INSURER], writing=True):
            add_resident("2", moment())
        connections.close_all()

    with seeing([INSURER]):
        assert Resident.objects.count() == 1
        thread = threading.Thread(target=write)
        thread.start()
        thread.join()
        assert Resident.objects.count() == 1
    with seeing([INSURER]):
        assert Resident.objects.count() == 2


@contextmanager
def raw() -> Iterator[Any]:
    with connection.cursor() as cursor:
        yield cursor


def test_postgresql_itself_keeps_insurers_apart(store: Store) -> None:
    if store.vendor != "postgresql":
        return
    everything = "SELECT (SELECT count(*) FROM register_identity), (SELECT count(*) FROM " \
        "register_insurer), (SELECT count(*) FROM register_recording)"  # fmt: skip
    with raw() as cursor:
        cursor.execute(everything)
        assert cursor.fetchone() == (0, 0, 0)
    with seeing([INSURER], writing=True), raw() as cursor:
        cursor.execute(everything)
        assert cursor.fetchone() == (1, 1, 1)
        cursor.execute("UPDATE register_identity SET superseded_at = now()")
        assert cursor.rowcount == 1
    with pytest.raises(DatabaseError, match="row-level security"):
        insert_foreign()
    with raw() as cursor:
        cursor.execute(everything)
        assert cursor.fetchone() == (0, 0, 0)
    with seeing([OTHER]):
        assert Identity.objects.known().count() == 1


def insert_foreign() -> None:
    with seeing([INSURER], writing=True), raw() as cursor:
        cursor.execute(
            "INSERT INTO register_resident (insurer_code, address_number) VALUES (%s, '9')", [OTHER]
        )


def test_the_owner_of_the_tables_sees_no_more_than_the_application(store: Store) -> None:
    if store.vendor != "postgresql":
        return
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM register_identity")
        assert cursor.fetchone() == (0,)


def test_a_role_that_could_see_more_is_refused_at_start(
    store: Store, cluster: postgresql.Cluster
) -> None:
    if store.vendor != "postgresql":
        return
    database = store.url.split("/")[3].partition("?")[0]
    for user in (postgresql.SUPERUSER, postgresql.OWNER):
        use(cluster.url(user, database))
        with pytest.raises(StoreError, match=user):
            schema.check("default")


def test_the_same_numbers_may_stand_at_two_insurers() -> None:
    with seeing([INSURER, OTHER]):
        assert Resident.objects.filter(address_number="1").count() == 2
        assert Enrolment.objects.as_of(date(2025, 4, 1)).count() == 0
