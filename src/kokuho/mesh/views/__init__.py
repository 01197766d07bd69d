"""What the mesh answers over HTTP."""
