"""A language server for the dependency manifests of npm and Python projects."""

__version__ = "0.1.0"
