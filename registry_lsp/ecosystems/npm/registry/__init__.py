"""Registries that speak npm's protocol: how they are asked, and what their documents say."""
