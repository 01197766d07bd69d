"""Bills in the office: stored schedules, prepayment and its work list (期別・前納)."""
