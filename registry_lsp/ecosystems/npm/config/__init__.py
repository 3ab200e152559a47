"""Which registry npm would ask: ``.npmrc``, the environment, the project's root."""
