"""`hardenme rehearse`: whether npm will accept the next release."""
