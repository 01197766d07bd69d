"""See the package docs: tables."""
