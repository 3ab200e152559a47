#!/usr/bin/env -S uv run --script
# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "requests<3",
#   "rich>=13 ; python_version < '3.13'",  # output
#   "bare",
# ]
#
# [[tool.uv.index]]
# url = "https://registry.example/simple/"
# ///
"""A script with inline metadata."""

print("no # /// here")
