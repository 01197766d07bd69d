"""See the package docs: ordinance."""
