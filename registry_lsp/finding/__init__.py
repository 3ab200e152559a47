"""Which manifests lie below a folder, and what of it git ignores."""
