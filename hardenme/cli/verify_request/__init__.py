"""`hardenme verify-request`: an interview about an unusual request, and what was decided."""
