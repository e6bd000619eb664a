"""What is known of the language: words, names, days, places, sentences. Knows no Article and no Plan."""
