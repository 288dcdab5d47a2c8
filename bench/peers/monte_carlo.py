"""Uniform weights, first 60 places counted.

usage: monte_carlo.py first|full|topsis TOWNS INDICATORS DRAWS
first: one matrix product a batch, then a partition; full: a complete sort; topsis: pymcdm, a call a draw, on as
many draws as fit a few seconds, scaled up.
"""

import sys

import numpy as np

from figures import figures, min_max, report, signs

task, towns, indicators, draws = sys.argv[1], *map(int, sys.argv[2:5])
PLACES, BATCH = min(60, towns), 256
values = figures(towns, indicators)


def counted(order_of):
    unit, random = min_max(values), np.random.default_rng(1)
    counts = np.zeros((towns, PLACES), np.uint32)
    for start in range(0, draws, BATCH):
        size = min(BATCH, draws - start)
        weights = random.standard_exponential((size, indicators))
        weights /= weights.sum(1, keepdims=True)
        np.add.at(counts, (order_of(weights @ unit.T), np.arange(PLACES)), 1)
    return counts.sum() / draws


def partitioned(scores):
    if PLACES == towns:
        return np.argsort(-scores, axis=1)
    first = np.argpartition(-scores, PLACES - 1, axis=1)[:, :PLACES]
    order = np.argsort(-np.take_along_axis(scores, first, 1), axis=1)
    return np.take_along_axis(first, order, 1)


def sorted_whole(scores):
    return np.argsort(-scores, axis=1)[:, :PLACES]


def by_pymcdm(made):
    from pymcdm import methods, normalizations

    topsis, random = methods.TOPSIS(normalizations.vector_normalization), np.random.default_rng(1)
    counts = np.zeros((towns, PLACES), np.uint32)
    for _ in range(made):
        scores = np.asarray(topsis(values, random.dirichlet(np.ones(indicators)), signs(indicators)))
        counts[np.argsort(-scores)[:PLACES], np.arange(PLACES)] += 1
    return counts.sum() / made


if task == "first":
    report("numpy", lambda: counted(partitioned))
elif task == "full":
    report("numpy", lambda: counted(sorted_whole))
else:
    made = max(2, min(draws, 4_000_000 // (towns * indicators) * 4))
    report("pymcdm", lambda: by_pymcdm(made), draws / made)
