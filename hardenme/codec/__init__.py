"""One codec for all JSON that hardenme reads back: reports, journals, facts and what it remembers.

A form is a `Codec`: the types say what is written, and the same types read it again. A value of
another type is an error, and never converted.
"""
