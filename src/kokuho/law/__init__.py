"""See the package docs: law."""
