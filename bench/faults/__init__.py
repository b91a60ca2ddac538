"""What happens to the product when its processes, its database, its disk or its network are taken away under load.

`python -m bench.faults [name …] [--submits N] [--rate N] [--away S] [--deploys N] [--seed N]`: the real server command
twice, two workers, a PostgreSQL of its own with fsync and synchronous_commit on, the WeChat sandbox as sink, and a
client in a process of its own that keeps a log, fsynced, of every 2xx. Afterwards that log is compared with the
database and the sink. Every figure is one JSON object a line.
"""
