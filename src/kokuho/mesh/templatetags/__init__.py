"""Filters of the page."""
