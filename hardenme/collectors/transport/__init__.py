"""One guarded HTTP session under both providers."""
