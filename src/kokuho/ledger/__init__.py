"""The ledger (収納台帳): double entry, only added to, in whole yen; pure functions over frames.

See ``docs/ledger.md``.
"""
