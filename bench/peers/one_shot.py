"""One method once on the whole table.

usage: one_shot.py numpy|pymcdm|skcriteria topsis|critic|entropy TOWNS INDICATORS
"""

import sys

import numpy as np

from figures import figures, report, signs

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
    """As ours and pymcdm's weigh it: every indicator a benefit."""
    low, high = values.min(0), values.max(0)
    unit = (values - low) / (high - low)
    found = unit.std(0, ddof=1) * (1 - np.corrcoef(unit.T)).sum(0)
    return (found / found.sum())[0]


def entropy():
    share = values / values.sum(0)
    found = 1 + (share * np.log(share)).sum(0) / np.log(towns)
    return (found / found.sum())[0]


def by_pymcdm(name):
    from pymcdm import methods, normalizations, weights as weighting

    return {
        "topsis": lambda: methods.TOPSIS(normalizations.vector_normalization)(values, weights, types)[0],
        "critic": lambda: weighting.critic_weights(values, types)[0],
        "entropy": lambda: weighting.entropy_weights(values, types)[0],
    }[name]


def by_skcriteria(name):
    import skcriteria
    from skcriteria.agg.topsis import TOPSIS
    from skcriteria.preprocessing import scalers, weighters

    directions = list(types) if name == "topsis" else [1] * indicators
    table = skcriteria.mkdm(values, directions, weights=weights)
    scaler, judge = scalers.VectorScaler(target="matrix"), TOPSIS()
    return {
        "topsis": lambda: judge.evaluate(scaler.transform(table)).e_.similarity[0],
        "critic": lambda: weighters.CRITIC().transform(table).weights.iloc[0],
        "entropy": lambda: weighters.EntropyWeighter().transform(table).weights.iloc[0],
    }[name]


if library == "numpy":
    report("numpy", {"topsis": topsis, "critic": critic, "entropy": entropy}[method])
else:
    report(library, {"pymcdm": by_pymcdm, "skcriteria": by_skcriteria}[library](method))
