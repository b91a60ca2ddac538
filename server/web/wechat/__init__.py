"""WeChat's doors: login, consent, callback, check files."""
