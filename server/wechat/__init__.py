"""WeChat and WeCom: clients, callbacks, value rules, push channels and the sandbox that stands in for them."""
