"""`hardenme person`: one list for when someone leaves, hands over, or has their account stolen."""
