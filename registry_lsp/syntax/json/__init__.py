"""JSON with comments and trailing commas, scanned tolerantly."""
