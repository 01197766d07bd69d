"""The forecast of the special account: people, levy, transfers, deficit, year by year."""

from kokuho.plan.forecast.account import ITEMS, left_open
from kokuho.plan.forecast.paths import PATHS, percent
from kokuho.plan.forecast.run import Forecast, forecast
from kokuho.plan.forecast.writing import comparison, write_forecast

__all__ = [
    "ITEMS",
    "PATHS",
    "Forecast",
    "comparison",
    "forecast",
    "left_open",
    "percent",
    "write_forecast",
]
