"""What is overdue, unhappy or undelivered, told to the next level up."""
