"""See the package docs: plan."""
