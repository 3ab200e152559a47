"""The manifests in TOML: ``pyproject.toml``, ``Pipfile``, ``hatch.toml``, scripts. Pure."""
