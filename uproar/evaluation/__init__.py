"""How well posts are read: labelled files in, figures with intervals out. Pure: no file, no clock.

Whoever calls it reads the files, lets the pipeline's own functions read the texts, and hands the
outcomes back in the order of the examples.
"""
