"""What the files around a manifest say of it: includes, workspaces, lock files."""
