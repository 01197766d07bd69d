"""See the package docs: levy."""
