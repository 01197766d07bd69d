"""Kokuho: an open system for Japan's National Health Insurance offices (国民健康保険)."""

__version__ = "0.1.0"
