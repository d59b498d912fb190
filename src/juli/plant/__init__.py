"""What the factory is, and what is asked of it."""
