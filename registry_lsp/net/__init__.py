"""One HTTP client and one disk cache."""
