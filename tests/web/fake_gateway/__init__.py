"""A gateway in memory that serves the real pages and does what a browser test tells it."""
