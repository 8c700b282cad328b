"""The vocabulary: what a subject, a fact, a check, a verdict, an outcome and a finding are.

Everything here is made of the standard library and does no input or output.
"""
