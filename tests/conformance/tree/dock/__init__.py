"""What the import protocol is tried on."""

KIND = "package"
