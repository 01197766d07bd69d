"""Statistics of the office: what the register, the ledger, the levy and claims say, as frames."""
