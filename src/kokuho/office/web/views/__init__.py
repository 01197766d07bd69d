"""The views: one page a module."""
