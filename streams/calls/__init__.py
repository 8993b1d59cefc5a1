"""How calls to action are read: words, phrases, constructions, vetoes, targets. All pure."""
