"""Notices to the regional immigration bureau: cases and steps that stay. See docs/bureau.md."""
