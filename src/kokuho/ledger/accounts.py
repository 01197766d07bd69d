"""The accounts, components and kinds of journals of the ledger: three closed lists.

An amount is positive on the debit side and negative on the credit side. Interest and reminder fees
are no accounts of their own: every account is kept by component, so that each has its own assessed,
received, written-off and outstanding amounts.
"""

from __future__ import annotations

from enum import StrEnum

from kokuho.base.messages import translator

_ = translator("ledger")


class Account(StrEnum):
    """Where an amount stands. The first ten are the year's revenue, the others are outside it."""

    RECEIVABLE = "receivable"  # 収入未済: what is owed
    ASSESSED = "assessed"  # 調定
    RECEIPTS = "receipts"  # 収入: money received
    APPROPRIATION = "appropriation"  # 充当: overpaid money that pays another demand
    REFUNDS = "refunds"  # 還付(歳入還付・戻出): paid back out of the year's revenue
    WRITTEN_OFF = "written_off"  # 不納欠損
    OVERPAID = "overpaid"  # 過誤納(還付未済)
    CARRIED_OUT = "carried_out"  # 滞納繰越: owed at closing, to the next year's books
    CARRIED_IN = "carried_in"  # 滞納繰越調定: owed at closing, from the year before
    REFUND_OUT = "refund_out"  # 還付未済 at closing
    REFUND_IN = "refund_in"  # 還付未済 taken over from a closed year
    REFUND_PAYABLE = "refund_payable"  # 過年度の還付未払: to be refunded out of expenditure
    PAST_REDUCTION = "past_reduction"  # 過年度の減額: reduction of what a closed year received
    EXPENDITURE = "expenditure"  # 歳出(歳出還付・還付加算金)
    REFUND_INTEREST = "refund_interest"  # 還付加算金
    INTEREST_PAYABLE = "interest_payable"  # 充当に係る還付加算金の未払
    LAPSED = "lapsed"  # 還付請求権の時効消滅
    SUSPENSE = "suspense"  # 仮受: received, and not yet known for what
    HELD = "held"  # 歳計外現金: the money of the suspense account


class Component(StrEnum):
    """What an amount is for."""

    PRINCIPAL = "principal"  # 本税(料)
    INTEREST = "interest"  # 延滞金
    FEE = "fee"  # 督促手数料


class Kind(StrEnum):
    """Why a journal was posted. A reversing journal has the kind of the one that it reverses."""

    ASSESS = "assess"  # 調定
    REASSESS = "reassess"  # 調定の増減
    CHARGE_FEE = "charge_fee"  # 督促手数料の調定
    FIX_INTEREST = "fix_interest"  # 延滞金の確定
    RECEIVE = "receive"  # 収入
    RELEASE = "release"  # 仮受の振替
    SETTLE = "settle"  # 同じ調定の過誤納の振替
    APPROPRIATE = "appropriate"  # 充当
    REFUND = "refund"  # 還付
    RETURN = "return"  # 仮受の返還
    WRITE_OFF = "write_off"  # 不納欠損
    CARRY = "carry"  # 繰越
    LAPSE = "lapse"  # 時効


REVENUE: tuple[Account, ...] = tuple(Account)[:10]
"""The accounts whose sum is zero in each year's books, for current and carried-over claims each:
収入未済 = 調定 − 収入済 − 不納欠損 + 還付未済."""

CASH: tuple[Account, ...] = (
    Account.RECEIPTS,
    Account.APPROPRIATION,
    Account.REFUNDS,
    Account.EXPENDITURE,
    Account.HELD,
)
"""The accounts of money; only a receipt brings some in, only a refund or return takes some out."""

MONEY_IN: tuple[Kind, ...] = (Kind.RECEIVE,)
MONEY_OUT: tuple[Kind, ...] = (Kind.REFUND, Kind.RETURN)


def account_title(account: str) -> str:
    """An account for people: ``調定``."""
    return {
        Account.RECEIVABLE: _("receivable"),
        Account.ASSESSED: _("assessed"),
        Account.RECEIPTS: _("receipts"),
        Account.APPROPRIATION: _("appropriation"),
        Account.REFUNDS: _("refunds from revenue"),
        Account.WRITTEN_OFF: _("written off"),
        Account.OVERPAID: _("overpaid"),
        Account.CARRIED_OUT: _("carried to the next year"),
        Account.CARRIED_IN: _("carried from the year before"),
        Account.REFUND_OUT: _("not refunded at closing"),
        Account.REFUND_IN: _("refunds taken over"),
        Account.REFUND_PAYABLE: _("refunds of past years"),
        Account.PAST_REDUCTION: _("reductions of past years"),
        Account.EXPENDITURE: _("expenditure"),
        Account.REFUND_INTEREST: _("interest on refunds"),
        Account.INTEREST_PAYABLE: _("interest on refunds, still to be paid"),
        Account.LAPSED: _("lapsed refunds"),
        Account.SUSPENSE: _("suspense"),
        Account.HELD: _("cash outside the budget"),
    }[Account(account)]


def component_title(component: str) -> str:
    """A component for people: ``延滞金``."""
    return {
        Component.PRINCIPAL: _("principal"),
        Component.INTEREST: _("interest"),
        Component.FEE: _("reminder fee"),
    }[Component(component)]
