"""Collection (収納): files of banks and collecting agents, codes on slips, matching of receipts.

Pure: layouts are read from files, everything else goes from bytes and frames to bytes and frames;
storing is somebody else's work. See ``docs/collection.md``.
"""

from kokuho.collection.characters import to_bank
from kokuho.collection.days import nearest_year
from kokuho.collection.debit import DebitFile, debit_file
from kokuho.collection.debit_results import RETURNED, DebitResults, debit_results, with_demands
from kokuho.collection.fields import check_digit
from kokuho.collection.files import Delivery, read_file, write_file
from kokuho.collection.incoming import DOUBTS, INCOMING, Incoming, frame_of_incoming
from kokuho.collection.layout import Layout
from kokuho.collection.loading import load_book, load_layout, shipped
from kokuho.collection.matching import MATCHED, OUTCOMES, SEEN, SUSPENDED, Matched, match
from kokuho.collection.payables import (
    ACCOUNT,
    ACCOUNT_COLUMNS,
    DEBITS,
    PAYABLES,
    check_payables,
    plain_number,
)
from kokuho.collection.pictures import png_of, svg_of
from kokuho.collection.problems import PROBLEMS, BrokenFileError, FileProblem
from kokuho.collection.receipts import incoming_receipts
from kokuho.collection.slip import SLIP_KINDS, Slip, SlipCode, make_slip, read_code

__all__ = [
    "ACCOUNT",
    "ACCOUNT_COLUMNS",
    "DEBITS",
    "DOUBTS",
    "INCOMING",
    "MATCHED",
    "OUTCOMES",
    "PAYABLES",
    "PROBLEMS",
    "RETURNED",
    "SEEN",
    "SLIP_KINDS",
    "SUSPENDED",
    "BrokenFileError",
    "DebitFile",
    "DebitResults",
    "Delivery",
    "FileProblem",
    "Incoming",
    "Layout",
    "Matched",
    "Slip",
    "SlipCode",
    "check_digit",
    "check_payables",
    "debit_file",
    "debit_results",
    "frame_of_incoming",
    "incoming_receipts",
    "load_book",
    "load_layout",
    "make_slip",
    "match",
    "nearest_year",
    "plain_number",
    "png_of",
    "read_code",
    "read_file",
    "shipped",
    "svg_of",
    "to_bank",
    "with_demands",
    "write_file",
]
