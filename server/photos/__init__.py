"""Photos: taken in, cleaned, stored, and shown by signed addresses that expire."""
