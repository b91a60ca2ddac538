"""What every estate must disclose: charges, public income, the contact board."""
