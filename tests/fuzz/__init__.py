"""Fuzz targets: one for each reader of what strangers write. See scripts/fuzz."""
