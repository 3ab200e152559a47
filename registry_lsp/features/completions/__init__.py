"""What a completion offers, one kind of it a file. Pure."""
