"""YAML as package managers write it and people edit it, scanned tolerantly."""
