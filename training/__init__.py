"""Scripts that make the models which the package ships; no part of it."""
