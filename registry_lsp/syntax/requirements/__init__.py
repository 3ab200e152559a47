"""Dependency specifiers (PEP 508) and the lines of requirements files."""
