"""The figures of the bench example, cell by cell, and how a task is timed."""

import json
import time

import numpy as np


def figures(towns, indicators):
    """Positive figures between 0.01 and 1.01: SplitMix64 of the cell's number (Steele et al. 2014)."""
    with np.errstate(over="ignore"):
        town = np.arange(towns, dtype=np.uint64)[:, None]
        bits = (town << np.uint64(32)) | np.arange(indicators, dtype=np.uint64)[None, :]
        bits = (bits + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
        bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        bits = bits ^ (bits >> np.uint64(31))
    return 0.01 + (bits >> np.uint64(11)).astype(np.float64) / float(1 << 53)


def signs(indicators):
    """+1 for a benefit, -1 for a cost: every second one."""
    return np.where(np.arange(indicators) % 2 == 0, 1, -1)


def min_max(values):
    low, high = values.min(0), values.max(0)
    unit = (values - low) / (high - low)
    return np.where(signs(values.shape[1]) > 0, unit, 1.0 - unit)


def report(name, work, scale=1.0):
    """Prints the least CPU seconds of repetitions that last at least a second in all."""
    best, total = float("inf"), 0.0
    while total < 1.0:
        before = time.process_time()
        check = work()
        spent = time.process_time() - before
        best, total = min(best, spent), total + spent
    print(json.dumps({"peer": name, "cpu_s": best * scale, "check": float(check)}))
