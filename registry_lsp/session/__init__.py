"""What is open, and its freshest verdicts: no LSP, no HTTP."""
