"""Arrears (滞納) in the office: acts are kept here, and :mod:`kokuho.arrears` says what follows."""
