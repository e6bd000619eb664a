"""Measures search and answers on questions with known answers (`python -m qa eval`)."""
