"""Positioned, tolerant text trees: they know no ecosystem."""
