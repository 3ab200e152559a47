"""Which index a Python project's installer would ask."""
