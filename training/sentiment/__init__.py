"""Makes the weights of the sentiment models in `streams/multilingual/`: see the README here."""
