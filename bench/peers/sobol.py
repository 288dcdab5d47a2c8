"""Sobol indices of the mean rank shift: weights within 25 %, two normalisations, two aggregations.

usage: sobol.py TOWNS INDICATORS BASE
"""

import sys

import numpy as np
from SALib.analyze import sobol as analysis
from SALib.sample import sobol as sampling

from figures import figures, min_max, report, signs

towns, indicators, base = map(int, sys.argv[1:4])
values = figures(towns, indicators)
unit = np.maximum(min_max(values) * 100, 0.01)
score = (values - values.mean(0)) / values.std(0, ddof=1) * signs(indicators) * 10 + 50
equal = np.full(indicators, 1 / indicators)
problem = {
    "num_vars": indicators + 2,
    "names": [f"w{at}" for at in range(indicators)] + ["normalisation", "aggregation"],
    "bounds": [[0.75, 1.25]] * indicators + [[0, 1]] * 2,
}


def ranks(scores):
    order = np.argsort(-scores, kind="stable")
    found = np.empty(towns)
    found[order] = np.arange(1, towns + 1)
    return found


reference = ranks(unit @ equal)


def shift(point):
    weights = equal * point[:indicators]
    weights = weights / weights.sum()
    matrix = unit if point[-2] < 0.5 else score
    scores = matrix @ weights if point[-1] < 0.5 else np.exp(np.log(matrix) @ weights)
    return np.abs(ranks(scores) - reference).mean()


def work():
    points = sampling.sample(problem, base, calc_second_order=False, seed=1)
    outputs = np.array([shift(point) for point in points])
    found = analysis.analyze(problem, outputs, calc_second_order=False, num_resamples=100, seed=1)
    return found["ST"].sum()


report("numpy+SALib", work)
