"""How the net of `streams/calls_net` is made."""
