"""The demo recording: twelve days of January 2021, told by invented people.

`python -m producers.demo.generate OUT` writes it again, byte for byte. What is real about it is
the public timeline of events (`timeline.yaml`); every author and every text is made up.
"""
