"""The public services' default addresses: product constants, named here and nowhere else."""

NPM_REGISTRY = "https://registry.npmjs.org/"
"""The public npm registry."""

NPM_WEBSITE = "https://www.npmjs.com/"
"""Where people read about an npm package: ``package/<name>`` below it."""

PYPI_INDEX = "https://pypi.org/simple/"
"""The public Python Package Index, as pip takes it (PEP 503)."""

PYPI_WEBSITE = "https://pypi.org/"
"""Where people read about a Python project: ``project/<name>/`` below it."""
