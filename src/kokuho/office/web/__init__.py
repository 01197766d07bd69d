"""The pages of the office: sign-in, search, one household."""
