"""See the package docs: sample."""
