"""Linkage (情報連携): collection information registered for residence examination.

The forms of messages, which the rehearsal mesh shares, are in :mod:`kokuho.linkage.messages`.
See ``docs/linkage.md``.
"""
