"""What is locked, whichever tool wrote the lock file, and what is installed."""
