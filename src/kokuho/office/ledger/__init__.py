"""The ledger (収納台帳) in the database: what :mod:`kokuho.ledger` gives is kept here for good."""
