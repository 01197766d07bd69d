"""Imports: files of the office's other systems into the register, each in full or not at all."""
