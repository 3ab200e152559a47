"""The seams: what an ecosystem is made of, and what the network gives it; a port a file."""
