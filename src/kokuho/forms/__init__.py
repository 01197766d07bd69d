"""See the package docs: forms."""
