"""Facts: frozen values that one permitted request tells of one subject, with their requirement."""
