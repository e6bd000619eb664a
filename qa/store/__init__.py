"""What is stored: the catalogue, which is the truth, and the indexes that follow it."""
