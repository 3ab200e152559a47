"""The files that say what an npm project wants, and what stands in them. Pure."""
