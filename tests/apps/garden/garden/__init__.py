"""A garden: a Django site that opens everything it has next to itself."""
