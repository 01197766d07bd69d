"""The council paper (運営協議会資料): its runs, its figures, and where each of them comes from."""

from kokuho.plan.paper.compose import compose
from kokuho.plan.paper.patterns import patterns
from kokuho.plan.paper.runs import PatternRun, Runs, make_runs, write_runs
from kokuho.plan.paper.trace import trace

__all__ = ["PatternRun", "Runs", "compose", "make_runs", "patterns", "trace", "write_runs"]
