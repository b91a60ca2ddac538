"""The job process: pushes go out, clocks run, what is old is cleared away."""
