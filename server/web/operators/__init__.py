"""What machines that watch over the installation read."""
