"""What workflow files say: pure analysis of their text, without any request."""
