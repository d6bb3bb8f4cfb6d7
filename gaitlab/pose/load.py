"""Loading a pose model of any kind: what it is shows in its outputs."""

from __future__ import annotations

from pathlib import Path

from gaitlab.pose.interpreter import load_network
from gaitlab.pose.model import PoseModel
from gaitlab.pose.movenet import MoveNet
from gaitlab.pose.posenet import PoseNet, is_posenet

__all__ = ["load_pose_model"]


def load_pose_model(path: Path, *, threads: int) -> PoseModel:
    """Load a MoveNet or PoseNet file with its default settings and the input size the file states.

    PoseNet decodes one person; `gaitlab.pose.posenet.load_posenet` has its other ways.

    Parameters
    ----------
    path : Path
    threads : int
        The result does not depend on them.

    Raises
    ------
    ModelError
        When it is not a model, or one of another kind.
    """
    network = load_network(path, threads=threads)
    return PoseNet(network) if is_posenet(network) else MoveNet(network)
