"""The pages of every member of staff: logging in, the invitation, the own account, help."""
