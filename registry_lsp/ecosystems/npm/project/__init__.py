"""What the files around a manifest say of it: workspaces, catalogs, lock files."""
