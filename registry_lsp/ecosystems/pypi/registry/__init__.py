"""Package indexes: how they are asked, and what their pages and documents say."""
