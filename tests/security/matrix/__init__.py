"""Every route and every caller, declared a second time and held against behaviour."""
