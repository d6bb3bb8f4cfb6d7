"""The bare interpreter: the network alone on the same picture repeatedly, no decoding, no crop, no tracking.

python -m benchmarks.run_bare MODEL.tflite [--interpreters 2] [--threads 1] [--frames 200]
"""

from __future__ import annotations

import argparse
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.meter import report
from gaitlab.pose.networks.interpreter import Network, load_network


def noise_for(network: Network) -> NDArray[np.generic]:
    """Return an input of the network's own shape and type; noise, as no value in it is then a special case."""
    random = np.random.default_rng(1)
    if network.input_dtype == np.uint8:
        return random.integers(0, 256, network.input_shape, dtype=np.uint8)
    return random.uniform(-1.0, 1.0, network.input_shape).astype(network.input_dtype)


def run_all(networks: list[Network], n_frames: int) -> int:
    """Run the network `n_frames` times in all, each interpreter in its own thread taking the next as it gets free."""
    tensor = noise_for(networks[0])
    turns = iter(range(n_frames))  # shared: one next() is atomic

    def work(network: Network) -> None:
        for _ in turns:
            network.run(tensor)

    with ThreadPoolExecutor(len(networks)) as pool:
        list(pool.map(work, networks))  # the list brings an exception of a thread to light
    return n_frames


def main() -> None:
    parser = argparse.ArgumentParser(description="Run a network alone.")
    parser.add_argument("model", type=Path)
    parser.add_argument("--interpreters", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1, help="of each interpreter")
    parser.add_argument("--frames", type=int, default=200)
    args = parser.parse_args()
    networks = [load_network(args.model, threads=args.threads) for _ in range(args.interpreters)]
    run_all(networks, 5 * len(networks))  # the first calls are slower
    report(lambda: run_all(networks, args.frames))


if __name__ == "__main__":
    main()
