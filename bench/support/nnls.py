"""The published linear model in Python, as one would write it with NumPy and SciPy: reads a trace directory, builds the
matrix of seconds that each function ran in each tick of 1 s, and solves it against system power by scipy.optimize.nnls.
Prints one JSON document: seconds by step, peak memory, watts by function."""

import csv
import json
import os
import resource
import sys
import time

import numpy as np
import scipy
from scipy.optimize import nnls


def read_power(path):
    with open(path, newline="") as file:
        rows = csv.reader(file)
        header = next(rows)
        t, watts = header.index("t"), header.index("system_w")
        kept = [(float(row[t]), float(row[watts])) for row in rows if row[watts] != ""]
    table = np.array(kept)
    return table[:, 0], table[:, 1]


def read_invocations(path):
    index = {}
    functions, starts, ends = [], [], []
    with open(path, newline="") as file:
        rows = csv.reader(file)
        next(rows)
        for row in rows:
            functions.append(index.setdefault(row[0], len(index)))
            starts.append(float(row[1]))
            ends.append(float(row[2]))
    return list(index), np.array(functions), np.array(starts), np.array(ends)


def contributions(functions, starts, ends, ticks, columns):
    """Seconds by tick and function: all invocations' first ticks at once, then their second ticks, and so on."""
    flat = np.zeros(ticks * columns)
    tick = np.floor(starts).astype(np.int64)
    while functions.size:
        inside = (tick >= 0) & (tick < ticks)
        seconds = np.minimum(ends, tick + 1) - np.maximum(starts, tick)
        place = tick[inside] * columns + functions[inside]
        flat += np.bincount(place, weights=seconds[inside], minlength=flat.size)
        tick = tick + 1
        left = ends > tick
        functions, starts, ends, tick = functions[left], starts[left], ends[left], tick[left]
    return flat.reshape(ticks, columns)


def main():
    folder = sys.argv[1]
    began = time.perf_counter()
    t, watts = read_power(os.path.join(folder, "power.csv"))
    names, functions, starts, ends = read_invocations(os.path.join(folder, "invocations.csv"))
    read = time.perf_counter()
    ticks = int(np.ceil(t[-1]))
    matrix = contributions(functions, starts, ends, ticks, len(names))
    used = (t > 0) & (t <= ticks)
    rows = np.column_stack([matrix[np.ceil(t[used]).astype(np.int64) - 1], np.ones(used.sum())])
    built = time.perf_counter()
    power, residual = nnls(rows, watts[used])
    solved = time.perf_counter()
    print(
        json.dumps(
            {
                "python": sys.version.split()[0],
                "numpy": np.__version__,
                "scipy": scipy.__version__,
                "invocations": len(functions),
                "read_s": read - began,
                "matrix_s": built - read,
                "solve_s": solved - built,
                "residual_w": float(residual) / len(rows) ** 0.5,
                "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
                "idle_w": float(power[-1]),
                "watts": dict(zip(names, power.tolist())),
            }
        )
    )


main()
