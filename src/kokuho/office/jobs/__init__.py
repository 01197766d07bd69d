"""Long jobs: plain functions with a record of their run, in short transactions (see ``runs``)."""
