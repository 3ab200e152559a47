"""One method of the Language Server Protocol a file, each a pure builder and a thin handler."""
