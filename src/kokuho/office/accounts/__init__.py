"""Who works in the office: users, the insurers they work for, and what they looked at."""
