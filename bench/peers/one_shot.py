"""One method once on the whole table.

usage: one_shot.py numpy|pymcdm topsis|critic|entropy TOWNS INDICATORS
"""

import sys

import numpy as np

from figures import figures, min_max, report, signs

library, method, towns, indicators = sys.argv[1], sys.argv[2], *map(int, sys.argv[3:5])
values, types = figures(towns, indicators), signs(indicators)
weights = np.full(indicators, 1 / indicators)


def topsis():
    scaled = values / np.sqrt((values * values).sum(0)) * weights
    best = np.where(types > 0, scaled.max(0), scaled.min(0))
    worst = np.where(types > 0, scaled.min(0), scaled.max(0))
    far = np.sqrt(((scaled - best) ** 2).sum(1))
    near = np.sqrt(((scaled - worst) ** 2).sum(1))
    return (near / (far + near))[0]


def critic():
    unit = min_max(values)
    found = unit.std(0, ddof=1) * (1 - np.corrcoef(unit.T)).sum(0)
    return (found / found.sum())[0]


def entropy():
    share = values / values.sum(0)
    found = 1 + (share * np.log(share)).sum(0) / np.log(towns)
    return (found / found.sum())[0]


def peer(name):
    from pymcdm import methods, normalizations, weights as weighting

    return {
        "topsis": lambda: methods.TOPSIS(normalizations.vector_normalization)(values, weights, types)[0],
        "critic": lambda: weighting.critic_weights(values, types)[0],
        "entropy": lambda: weighting.entropy_weights(values, types)[0],
    }[name]


if library == "numpy":
    report("numpy", {"topsis": topsis, "critic": critic, "entropy": entropy}[method])
else:
    report("pymcdm", peer(method))
