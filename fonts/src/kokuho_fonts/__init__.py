"""Typefaces for Kokuho: ``fonts`` has what papers embed, ``webfonts`` what pages use beside it.

Each folder has the licences of its faces (SIL Open Font License 1.1).
"""
