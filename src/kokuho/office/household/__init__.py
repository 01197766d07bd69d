"""One household as the register knows it: on a day, as known on a day."""
