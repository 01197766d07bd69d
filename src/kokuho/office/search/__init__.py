"""Searching the register as people type: any script, any width, either calendar."""
