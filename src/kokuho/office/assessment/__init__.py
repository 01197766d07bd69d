"""Assessments (賦課): yearly, changed month by month, replayed, and told by notice."""
