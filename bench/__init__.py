"""Side-by-side measurements. Each module has `measure(progress)`, which returns figures by name.

The machines that these run on are noisy: what counts are ratios measured within one run.
"""
