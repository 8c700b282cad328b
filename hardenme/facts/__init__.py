"""Facts: frozen values that one permitted request shows about one subject, with its requirement."""
