"""Advisories, from the Open Source Vulnerabilities database (OSV)."""
