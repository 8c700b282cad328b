"""`hardenme render`: a stored report in another format."""
