"""The rooms of `scenarios`: one maintainer each."""
