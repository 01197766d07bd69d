"""Arrears (滞納): what is owed on a day, reminders, agreements, prescription, the work list.

Pure: every function takes the ledger's frames and the acts that the office recorded; who stores
them, and where, is no concern of this room. See ``docs/arrears.md``.
"""

from kokuho.arrears.acts import Act, Promise, check, end_of, in_force, standing
from kokuho.arrears.agreements import Followup, follow_up
from kokuho.arrears.demand_letters import (
    LEFT_OUT,
    LeftOut,
    LetterDue,
    LetterRule,
    left_out_title,
    letters_due,
    spared,
)
from kokuho.arrears.foreign import GROUPINGS, HEADS, age_group, group_words, rates, years_group
from kokuho.arrears.household import IN_TOUCH, STATES, Household, Windows, households, state_title
from kokuho.arrears.kinds import KINDS, Kind, code_title, kind_title
from kokuho.arrears.owed import OWED, owed, without_rates
from kokuho.arrears.payments import money_for, paid_for, part_payments
from kokuho.arrears.prescription import Event, Line, Prescription, events_of, prescription
from kokuho.arrears.reminders import (
    ReminderDue,
    ReminderRule,
    reminders_due,
    returned_and_open,
    seizure_from,
    served_on,
)
from kokuho.arrears.special_benefit import Candidate, candidate, keeps_benefits_in_kind
from kokuho.arrears.suspension import WriteOff, extinct_from, write_off_of
from kokuho.arrears.waivers import Waiver, waivers
from kokuho.arrears.worklist import (
    GROUPS,
    REASONS,
    Item,
    Reason,
    Whereabouts,
    group_title,
    last_act,
    prescription_of,
    reason_title,
    work_list,
)

__all__ = [
    "GROUPINGS",
    "GROUPS",
    "HEADS",
    "IN_TOUCH",
    "KINDS",
    "LEFT_OUT",
    "OWED",
    "REASONS",
    "STATES",
    "Act",
    "Candidate",
    "Event",
    "Followup",
    "Household",
    "Item",
    "Kind",
    "LeftOut",
    "LetterDue",
    "LetterRule",
    "Line",
    "Prescription",
    "Promise",
    "Reason",
    "ReminderDue",
    "ReminderRule",
    "Waiver",
    "Whereabouts",
    "Windows",
    "WriteOff",
    "age_group",
    "candidate",
    "check",
    "code_title",
    "end_of",
    "events_of",
    "extinct_from",
    "follow_up",
    "group_title",
    "group_words",
    "households",
    "in_force",
    "keeps_benefits_in_kind",
    "kind_title",
    "last_act",
    "left_out_title",
    "letters_due",
    "money_for",
    "owed",
    "paid_for",
    "part_payments",
    "prescription",
    "prescription_of",
    "rates",
    "reason_title",
    "reminders_due",
    "returned_and_open",
    "seizure_from",
    "served_on",
    "spared",
    "standing",
    "state_title",
    "waivers",
    "without_rates",
    "work_list",
    "write_off_of",
    "years_group",
]
