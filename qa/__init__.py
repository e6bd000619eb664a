"""Dateline: ask news articles a question; the answer is made of their own words."""
