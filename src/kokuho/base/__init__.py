"""See the package docs: base."""
