"""Messages: what is signed is what is read, and everything else is refused with its own code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kokuho.base.errors import LinkageError
from kokuho.linkage import messages
from kokuho.linkage.messages import Refusal, RefusedError
from tests.linkage.messages.parties import AGENCY, CITY, END, KEYS, MESH, NOW, RING, key_of, letter

EXPECTED = messages.Expected(MESH, AGENCY, "ab" * 32, frozenset({"inquiry"}))


def refusal(act: Callable[[], object]) -> Refusal:
    with pytest.raises(RefusedError) as caught:
        act()
    return caught.value.refusal


@pytest.mark.parametrize("algorithm", messages.ALGORITHMS)
def test_a_message_comes_back_as_it_was_sealed(algorithm: messages.Algorithm) -> None:
    key = key_of(AGENCY, algorithm)
    sent = letter(body={"名": "架空", "円": 1})
    read = messages.unseal(
        messages.seal(sent, key), messages.KeyRing.of([key.public]), EXPECTED, NOW
    )
    assert read == sent


def test_a_message_of_some_megabytes_is_taken() -> None:
    sent = letter(body={"content": "a" * 5_000_000})
    assert messages.unseal(messages.seal(sent, KEYS[AGENCY]), RING, EXPECTED, NOW) == sent


@given(place=st.integers(0, 10_000), bit=st.integers(0, 7))
@settings(max_examples=300, deadline=None)
def test_no_changed_character_of_a_message_is_taken(place: int, bit: int) -> None:
    sealed = bytearray(messages.seal(letter(number="n"), KEYS[AGENCY]).encode())
    sealed[place % len(sealed)] ^= 1 << bit
    text = sealed.decode("latin-1")
    try:
        read = messages.unseal(text, RING, EXPECTED, NOW)
    except RefusedError:
        return
    # the last character of a signature has bits that stand for nothing
    assert read == letter(number="n")
    assert place % len(sealed) == len(sealed) - 1


@pytest.mark.parametrize("cut", [0, 1, 50, 200])
def test_a_message_cut_off_is_malformed_or_badly_signed(cut: int) -> None:
    sealed = messages.seal(letter(), KEYS[AGENCY])
    got = refusal(lambda: messages.unseal(sealed[:cut], RING, EXPECTED, NOW))
    assert got is Refusal.MALFORMED
    short = refusal(lambda: messages.unseal(sealed[:-4], RING, EXPECTED, NOW))
    assert short in (Refusal.BAD_SIGNATURE, Refusal.MALFORMED)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"sent_at": NOW - timedelta(minutes=11)}, Refusal.STALE),
        ({"sent_at": NOW + timedelta(minutes=3)}, Refusal.FUTURE),
        ({"receiver": CITY}, Refusal.WRONG_RECEIVER),
        ({"certificate": "cd" * 32}, Refusal.WRONG_CERTIFICATE),
        ({"kind": "register"}, Refusal.UNKNOWN_KIND),
    ],
)
def test_each_wrong_envelope_has_its_own_code(change: dict[str, object], expected: Refusal) -> None:
    sealed = messages.seal(letter(**change), KEYS[AGENCY])
    assert refusal(lambda: messages.unseal(sealed, RING, EXPECTED, NOW)) is expected


def test_a_client_cannot_send_in_the_name_of_another() -> None:
    sealed = messages.seal(letter(sender=CITY), KEYS[CITY])
    assert refusal(lambda: messages.unseal(sealed, RING, EXPECTED, NOW)) is Refusal.WRONG_SENDER
    assert refusal(lambda: messages.seal(letter(sender=CITY), KEYS[AGENCY])) is Refusal.WRONG_SENDER


def test_keys_unknown_withdrawn_or_outside_their_dates_are_refused() -> None:
    sealed = messages.seal(letter(), KEYS[AGENCY])
    number = KEYS[AGENCY].public.number
    others = messages.KeyRing.of([KEYS[CITY].public])
    assert refusal(lambda: messages.unseal(sealed, others, EXPECTED, NOW)) is Refusal.UNKNOWN_KEY
    revoked = RING.with_revoked(number, NOW)
    assert refusal(lambda: messages.unseal(sealed, revoked, EXPECTED, NOW)) is Refusal.REVOKED_KEY
    late = replace(EXPECTED, oldest=None)
    assert refusal(lambda: messages.unseal(sealed, RING, late, END)) is Refusal.EXPIRED_KEY


def test_a_signature_for_one_use_is_none_for_another() -> None:
    stamp = messages.stamp_of("ab" * 32, 1, KEYS[AGENCY], NOW)
    assert refusal(lambda: messages.unseal(stamp, RING, EXPECTED, NOW)) is Refusal.MALFORMED


def test_what_is_too_large_is_refused_before_it_is_parsed() -> None:
    text = "." * (messages.LARGEST + 1)
    assert refusal(lambda: messages.unseal(text, RING, EXPECTED, NOW)) is Refusal.TOO_LARGE


def test_a_float_has_no_canonical_form() -> None:
    with pytest.raises(TypeError, match="float"):
        messages.canonical({"a": [1, {"b": 0.5}]})


@pytest.mark.parametrize("algorithm", messages.ALGORITHMS)
def test_a_private_key_is_opened_by_its_passphrase_alone(algorithm: messages.Algorithm) -> None:
    key = key_of(CITY, algorithm)
    pem = key.pem(b"passphrase")
    assert b"ENCRYPTED" in pem
    again = messages.SigningKey.from_pem(pem, b"passphrase", key.public)
    assert messages.verify(
        messages.sign({"a": 1}, again, form="x"),
        messages.KeyRing.of([key.public]), form="x", at=NOW,
    )[0] == {"a": 1}  # fmt: skip
    with pytest.raises(LinkageError, match="city"):
        messages.SigningKey.from_pem(pem, b"another", key.public)
    with pytest.raises(LinkageError, match="city"):
        messages.SigningKey.from_pem(pem, b"passphrase", key_of(CITY, algorithm).public)


def test_a_ring_of_keys_comes_back_from_its_file() -> None:
    ring = RING.with_revoked(KEYS[CITY].public.number, NOW)
    assert messages.KeyRing.from_json(ring.to_json()) == ring
    swapped = ring.to_json().replace(KEYS[CITY].public.number, KEYS[MESH].public.number)
    with pytest.raises(LinkageError):
        messages.KeyRing.from_json(swapped)


def test_every_refusal_has_words() -> None:
    assert set(messages.WORDS) == set(Refusal)
