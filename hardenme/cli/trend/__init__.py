"""`hardenme trend`: how the stored reports developed."""
