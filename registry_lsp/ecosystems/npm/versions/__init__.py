"""What npm's versions, ranges and dist-tags mean. Pure."""
