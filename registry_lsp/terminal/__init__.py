"""The terminal: its streams, and what commands there have in common."""
