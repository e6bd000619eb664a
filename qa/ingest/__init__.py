"""From a path or an address to stored passages."""
