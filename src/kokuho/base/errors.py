"""The one tree of errors that Kokuho raises.

KokuhoError                what a clerk can act on; never a programming mistake
├── LawError               a statutory value is missing, overlaps, or has no source
├── OrdinanceError         an ordinance file says too little, too much, or something impossible
├── TableError             a file cannot be read as a table at all
├── InputError             a request that cannot be answered: unknown id, missing file
├── LevyError              the levy cannot be made from what was given
├── BillingError           instalments or a prepayment cannot be made from what is stated
├── LedgerError            a posting that the ledger cannot take, or books that do not hold together
├── CollectionError        a layout or a file of a bank or an agent that cannot be used
├── ArrearsError           an act of collection that cannot be recorded as it is stated
├── PlanError              a plan file cannot be read or does not hold together
├── FormError              a document cannot be rendered
├── StatisticsError        a measure, a measure file or a reference series that cannot be used
├── SettingError           a setting of the environment is missing or wrong
└── StoreError             the database cannot be used as it is, or refuses what it was told
"""


class KokuhoError(Exception):
    """Base of all errors with a message for people; the command prints it and exits with 2."""


class LawError(KokuhoError):
    """A statutory value is missing, overlapping, unsourced, or asked for outside its dates."""


class OrdinanceError(KokuhoError):
    """An ordinance file (条例の設定) is incomplete, unknown or contradictory."""


class TableError(KokuhoError):
    """A file cannot be read as a table; single bad rows are refusals, not errors."""


class InputError(KokuhoError):
    """A request cannot be answered as it was put."""


class LevyError(KokuhoError):
    """The levy (賦課) cannot be made from the given inputs."""


class BillingError(KokuhoError):
    """Demands (期別調定, 前納) cannot be made; a missing setting of the ordinance is named."""


class LedgerError(KokuhoError):
    """A posting (記帳) cannot be made, or the books do not hold together."""


class CollectionError(KokuhoError):
    """A layout (レイアウト定義) or a file of a bank or a collecting agent cannot be used."""


class ArrearsError(KokuhoError):
    """An act of collection (滞納整理の記録) that does not hold together with what is recorded."""


class PlanError(KokuhoError):
    """A fiscal soundness plan (赤字削減・解消計画) cannot be read or does not hold together."""


class StatisticsError(KokuhoError):
    """A measure file (指標ファイル) or the figures for one do not hold together."""


class FormError(KokuhoError):
    """A document cannot be rendered."""


class SettingError(KokuhoError):
    """A setting (``KOKUHO_…``) is missing or wrong; refused at start."""


class StoreError(KokuhoError):
    """The database is not reachable, not migrated or not guarded, or refuses what it was told."""
