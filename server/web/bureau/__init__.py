"""The pages of whoever looks after an area: bureau, township, community."""
