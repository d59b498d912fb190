"""What ``juli dispatch`` tells: JSON, a text for the terminal, and a page for the browser."""
