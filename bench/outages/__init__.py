"""WeChat's bad days on a clock in hand: what becomes of every push."""
