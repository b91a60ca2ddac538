"""What people are told: inbox rows, the push ledger, and the channels a push can take."""
