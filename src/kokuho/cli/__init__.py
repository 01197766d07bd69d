"""See the package docs: cli."""
