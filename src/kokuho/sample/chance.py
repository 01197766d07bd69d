"""The random numbers of :mod:`kokuho.base.chance`, under the name that this room knows them by."""

from kokuho.base.chance import SHARES, child_states, draw, happens, states, word

__all__ = ["SHARES", "child_states", "draw", "happens", "states", "word"]
