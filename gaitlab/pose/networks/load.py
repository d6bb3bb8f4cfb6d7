"""Loading a pose model of any kind: what it is shows in its outputs."""

from __future__ import annotations

from pathlib import Path

from gaitlab.pose.networks.interpreter import load_network
from gaitlab.pose.networks.model import PoseModel
from gaitlab.pose.networks.movenet import MoveNet
from gaitlab.pose.networks.posenet import PoseNet, PoseNetSettings, is_posenet

__all__ = ["load_pose_model"]


def load_pose_model(path: Path, *, threads: int, several: bool = False) -> PoseModel:
    """Load a MoveNet or PoseNet file with its default settings and the input size the file states.

    Parameters
    ----------
    path : Path
    threads : int
        The result does not depend on them.
    several : bool
        Whether PoseNet, which can do both, decodes several people (`load_posenet` beside this file has all its
        settings). What a MoveNet file does is fixed.

    Raises
    ------
    ModelError
        When it is not a model, or one of another kind.
    """
    network = load_network(path, threads=threads)
    if not is_posenet(network):
        return MoveNet(network)
    return PoseNet(network, PoseNetSettings(decoding="multi" if several else "single"))
