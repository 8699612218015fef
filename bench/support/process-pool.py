# How many no-ops a second Python's own pool of processes does: python3 process-pool.py TASKS WORKERS
import sys
import time
from concurrent.futures import ProcessPoolExecutor


def nothing(_):
    return 0


if __name__ == "__main__":
    tasks, workers = int(sys.argv[1]), int(sys.argv[2])
    with ProcessPoolExecutor(max_workers=workers) as pool:
        list(pool.map(nothing, range(workers * 4)))
        began = time.monotonic()
        list(pool.map(nothing, range(tasks)))
        print(tasks / (time.monotonic() - began))
