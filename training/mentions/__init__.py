"""What makes the word lists that tell names from ordinary words."""
