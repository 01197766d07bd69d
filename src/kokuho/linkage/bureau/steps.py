"""The steps of a case (通知制度の事案): what persons recorded, and where it stands because of them.

Nothing here decides: a case moves only by a step that names its actor. No function takes a
nationality, and none takes an amount that anybody owes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from kokuho.base.errors import LinkageError
from kokuho.base.messages import translator
from kokuho.linkage.bureau.rules import Rule

_ = translator("bureau")

STATES: Mapping[str, str] = {
    "interview": "interview to be held",
    "deciding": "decision to be taken",
    "to_send": "notice to be sent",
    "waiting": "reply awaited",
    "to_act": "status revoked: qualification to be decided",
    "recovering": "benefits to be recovered",
    "done": "done",
}
"""Where a case stands."""

HOW: Mapping[str, str] = {
    "heard": "heard from the person",
    "paper": "seen on a paper",
    "register": "taken from the register",
    "unknown": "could not be checked",
}
"""How an item was checked; what could not be is said with its reason."""

PURPOSES: Mapping[str, str] = {
    "interview": "interview",
    "decision": "decision on a notice",
    "sending": "sending of a notice",
    "reply": "acting on a reply",
    "supervision": "supervision of the work",
    "disclosure": "request for disclosure by the person",
}
"""For what a case is looked at; written down with each look."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of steps.

    Attributes:
        title: for people (an id of the catalogue).
        after: the states in which it may be recorded.
        codes: what is decided or said, if the kind has a choice.
        needs: the fields without which it is refused; of a code under ``kind/code``.
        decides: whether it needs the right to decide.
    """

    title: str
    after: tuple[str, ...]
    codes: Mapping[str, str] | None = None
    needs: tuple[str, ...] = ()
    decides: bool = False


KINDS: Mapping[str, Kind] = {
    "interview": Kind("interview held", ("interview", "deciding"), needs=("items",)),
    "decision": Kind(
        "decision on the notice", ("deciding",),
        {"notify": "notify the bureau", "not_notify": "do not notify"},
        needs=("text",), decides=True,
    ),
    "sending": Kind("notice sent", ("to_send",), needs=("to",)),
    "reply": Kind(
        "reply of the bureau", ("waiting", "done"),
        {
            "no_finding": "no finding", "investigating": "under investigation",
            "status_revoked": "status of residence revoked", "other": "other reply",
        },
    ),
    "qualification": Kind(
        "decision on the qualification", ("to_act",),
        {"revoked": "qualification revoked", "kept": "qualification stands"},
        needs=("text",), decides=True,
    ),
    "recovery": Kind(
        "recovery of benefits", ("recovering",),
        {
            "claim": "benefits claimed back", "no_claim": "nothing to claim back",
            "paid": "paid back", "ended": "recovery ended",
        },
        decides=True,
    ),
    "closing": Kind(
        "closed without result", ("interview", "deciding", "to_send", "waiting"),
        needs=("text",), decides=True,
    ),
    "correction": Kind("last step taken back", tuple(STATES), needs=("text", "refers")),
}  # fmt: skip
"""The kinds of steps. The codes are ours: an official list is not public."""

_NEEDS: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("reply", "other"): ("text",),
    ("qualification", "revoked"): ("since",),
    ("recovery", "claim"): ("amount", "text"),
    ("recovery", "no_claim"): ("text",),
    ("recovery", "paid"): ("amount",),
    ("recovery", "ended"): ("text",),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What an interview or a paper said on one of the items, and how it was checked."""

    code: str
    value: str
    how: str


@dataclass(frozen=True, slots=True)
class Step:
    """One recorded step.

    Attributes:
        number: within the case, from 1.
        kind: one of :data:`KINDS`.
        day: on which it happened.
        actor: the user who answers for it.
        code: what was decided or said.
        text: the reason, or other words.
        answers: of an interview, on some or all items.
        since: from when the qualification is revoked.
        amount: yen of benefits (給付費) claimed or paid back.
        to: the bureau that the notice went to, and how.
        papers: what was sent with it.
        refers: number of the step that is taken back.
    """

    number: int
    kind: str
    day: date
    actor: str
    code: str = ""
    text: str = ""
    answers: tuple[Answer, ...] = ()
    since: date | None = None
    amount: int | None = None
    to: str = ""
    papers: tuple[str, ...] = ()
    refers: int | None = None


def standing(steps: Sequence[Step]) -> tuple[Step, ...]:
    """The steps that were not taken back, without what took others back."""
    gone = {one.refers for one in steps if one.kind == "correction"}
    return tuple(one for one in steps if one.kind != "correction" and one.number not in gone)


def answers(steps: Sequence[Step]) -> dict[str, Answer]:
    """The last answer on each item."""
    return {
        one.code: one
        for step in standing(steps)
        if step.kind == "interview"
        for one in step.answers
    }


def lacking(rule: Rule, steps: Sequence[Step]) -> tuple[str, ...]:
    """The items that nobody has recorded yet; a decision waits for all of them."""
    known = answers(steps)
    return tuple(item.code for item in rule.items if item.code not in known)


def state_of(rule: Rule, steps: Sequence[Step]) -> str:
    """Where a case stands: one of :data:`STATES`."""
    state = "interview"
    stand = standing(steps)
    for place, step in enumerate(stand, 1):
        if step.kind == "interview":
            state = "interview" if lacking(rule, stand[:place]) else "deciding"
        elif step.kind == "decision":
            state = "to_send" if step.code == "notify" else "done"
        elif step.kind == "sending":
            state = "waiting"
        elif step.kind == "reply":
            state = {"no_finding": "done", "status_revoked": "to_act"}.get(step.code, "waiting")
        elif step.kind == "qualification":
            state = "recovering" if step.code == "revoked" else "done"
        elif step.kind == "recovery":
            over = step.code in ("no_claim", "ended")
            over = over or (step.code == "paid" and not unpaid(stand[:place]))
            state = "done" if over else "recovering"
        else:
            state = "done"
    return state


def unpaid(steps: Sequence[Step]) -> int:
    """Yen of benefits claimed back and not paid back yet."""
    rows = [one for one in standing(steps) if one.kind == "recovery"]
    claimed = sum(one.amount or 0 for one in rows if one.code == "claim")
    return claimed - sum(one.amount or 0 for one in rows if one.code == "paid")


def open_kinds(rule: Rule, steps: Sequence[Step]) -> tuple[str, ...]:
    """The kinds of steps that may be recorded now."""
    state = state_of(rule, steps)
    stand = standing(steps)
    sent = any(one.kind == "sending" for one in stand)
    return tuple(
        name
        for name, kind in KINDS.items()
        if state in kind.after
        and not (name == "reply" and not sent)
        and not (name == "correction" and not stand)
    )


def check(rule: Rule, step: Step, earlier: Sequence[Step], today: date) -> None:
    """Whether a step may be recorded after those before it.

    Raises:
        LinkageError: it may not, and why.
    """
    kind = KINDS.get(step.kind)
    if kind is None:
        raise LinkageError(
            _("{kind} is no step; steps are: {kinds}").format(
                kind=step.kind, kinds=", ".join(KINDS)
            )
        )
    state = state_of(rule, earlier)
    if step.kind not in open_kinds(rule, earlier):
        raise LinkageError(
            _("{step} cannot be recorded while the case stands at: {state}").format(
                step=_(kind.title), state=_(STATES[state])
            )
        )
    if step.code not in (kind.codes or {"": ""}):
        raise LinkageError(
            _("{step}: {code} is not one of: {codes}").format(
                step=_(kind.title), code=step.code or "-", codes=", ".join(kind.codes or ["-"])
            )
        )
    needed = (*kind.needs, *_NEEDS.get((step.kind, step.code), ()))
    missing = [name for name in needed if not _given(step, name)]
    if missing:
        raise LinkageError(
            _("{step} cannot be recorded without: {fields}").format(
                step=_(kind.title), fields="、".join(_(name) for name in missing)
            )
        )
    _check_day(step, standing(earlier), today)
    if step.kind == "interview":
        _check_answers(rule, step)
    if step.kind == "correction" and step.refers != standing(earlier)[-1].number:
        raise LinkageError(_("only the last step that stands can be taken back"))
    if step.code == "paid" and (step.amount or 0) > unpaid(earlier):
        raise LinkageError(
            _("{amount} yen is more than is still to be paid back: {unpaid} yen").format(
                amount=f"{step.amount:,}", unpaid=f"{unpaid(earlier):,}"
            )
        )


def _given(step: Step, name: str) -> bool:
    value = getattr(step, {"items": "answers"}.get(name, name))
    if name == "amount":
        return value is not None and value > 0
    return bool(value.strip()) if isinstance(value, str) else bool(value)


def _check_day(step: Step, stand: Sequence[Step], today: date) -> None:
    if step.day > today:
        raise LinkageError(_("{day} is in the future").format(day=step.day))
    before = [one.day for one in stand if one.day > step.day]
    if before and step.kind not in ("interview", "correction"):
        raise LinkageError(
            _("{day} is before a step that was recorded already ({other})").format(
                day=step.day, other=max(before)
            )
        )


def _check_answers(rule: Rule, step: Step) -> None:
    known = {item.code: item.title for item in rule.items}
    for one in step.answers:
        if one.code not in known:
            raise LinkageError(
                _("{code} is no item of the circular; items are: {codes}").format(
                    code=one.code, codes=", ".join(known)
                )
            )
        if one.how not in HOW:
            raise LinkageError(
                _("{item}: {how} is not one of: {codes}").format(
                    item=known[one.code], how=one.how or "-", codes=", ".join(HOW)
                )
            )
        if not one.value.strip():
            raise LinkageError(
                _("{item}: write what was found, or why it could not be checked").format(
                    item=known[one.code]
                )
            )
    if len({one.code for one in step.answers}) != len(step.answers):
        raise LinkageError(_("an item is answered twice"))


def title(table: Mapping[str, str], code: str) -> str:
    """The name of a code for people."""
    return _(table[code]) if code in table else code


def kind_title(kind: str, code: str = "") -> str:
    """A kind of steps for people, with what was decided: ``通知の判断(通知しない)``."""
    said = KINDS[kind].codes or {}
    name = _(KINDS[kind].title)
    return f"{name}({_(said[code])})" if code in said else name
