"""Who people are, which bodies they act for, and what they may do."""
