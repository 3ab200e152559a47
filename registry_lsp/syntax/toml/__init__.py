"""TOML, scanned tolerantly."""
