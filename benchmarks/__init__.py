"""Benchmarks: Juli against its peer in the same run, medians; `python -m benchmarks.NAME [--quick]`."""
