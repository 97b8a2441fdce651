"""The project's benchmarks: whole commands, measured as ratios. See `run`."""
