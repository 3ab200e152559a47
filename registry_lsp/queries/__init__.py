"""The package queries: a question about a package, and one record as the answer."""
