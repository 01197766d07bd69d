"""What all tables of the office share: owners, versions in two times, guards."""
