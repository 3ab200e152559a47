"""What may be typed at a place, one kind a file. Pure builders, but for what a folder has."""
