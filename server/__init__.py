"""码上办: one QR code an estate, both ways: report what is broken, read what must be disclosed."""
