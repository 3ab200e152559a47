"""What several rooms' tests share: peers with documented shapes, never patches."""
