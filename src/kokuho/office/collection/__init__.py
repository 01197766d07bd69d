"""Collection in the register (収納): accounts, files, debits, receipt records, slips, suspense."""
