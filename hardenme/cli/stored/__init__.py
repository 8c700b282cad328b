"""What earlier runs left: kept runs, stored reports, and their series."""
