"""Papers to payers, from the register, assessments, bills and the ledger, one or a city's.

Composing is one module a kind under ``kinds/``; ``batch`` plans, typesets and records. See
docs/printing.md.
"""
