"""`hardenme person`: one list for a person who leaves, was robbed, or hands over."""
