"""Loading a pose model of any kind: what it is shows in its input and outputs, never in its name."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from gaitlab.errors import ModelError
from gaitlab.limits import MODEL_INPUT_SIDE_MAX_PX, MODEL_OUTPUT_MAX_BYTES
from gaitlab.pose.networks.interpreter import Network, load_network
from gaitlab.pose.networks.model import PoseModel
from gaitlab.pose.networks.movenet import MoveNet, is_movenet, is_multipose
from gaitlab.pose.networks.parameters import NetworkKind, PictureSettings
from gaitlab.pose.networks.posenet import Decoding, PoseNetSettings, is_posenet, posenet_of

__all__ = ["load_pose_model"]

_EXPECTED: Final = (
    "expected a picture of 3 colours as the only input, and the output of MoveNet, [1, 1, 17, 3] or [1, 6, 56], or the "
    "outputs of PoseNet, [1, rows, columns, n] with n = 17, 34, 32 and 32 or n = 17, 34, 64 and 1"
)


def load_pose_model(
    path: Path, *, threads: int, several: bool = False, settings: PictureSettings | None = None
) -> PoseModel:
    """Load a MoveNet or PoseNet file with the input size the file states.

    Parameters
    ----------
    path : Path
    threads : int
        The result does not depend on them.
    several : bool
        Whether PoseNet, which can do both, decodes several people where `settings` do not say. What a MoveNet file
        does is fixed.
    settings : PictureSettings, optional
        Parameters of the network; by default its own. `flip_horizontal` is up to the caller.

    Raises
    ------
    ModelError
        When it is not a model, or one of another kind.
    UsageError
        For a parameter that this network does not understand, or out of range.
    """
    network = load_network(path, threads=threads)
    kind = _kind(network)
    settings = settings or PictureSettings()
    settings.require_understood(kind)
    given = settings.given
    people = given.pop("people", None)
    if kind == "PoseNet":
        decodes_several = people == "several" if people else several or bool(given)
        decoding: Decoding = "multi" if decodes_several else "single"
        return posenet_of(network, threads=threads, settings=PoseNetSettings(decoding=decoding, **given))
    if "score_threshold" in given:
        given["person_score_min"] = given.pop("score_threshold")
    return MoveNet(network, **given)


def _kind(network: Network) -> NetworkKind:
    if is_posenet(network) or is_movenet(network):
        if max(network.input_wh or ()) > MODEL_INPUT_SIDE_MAX_PX:
            raise ModelError(
                f"{network.path}: expected an input of at most {MODEL_INPUT_SIDE_MAX_PX} pixels a side, "
                f"got {network.description}"
            )
        if network.output_bytes > MODEL_OUTPUT_MAX_BYTES:
            raise ModelError(
                f"{network.path}: expected outputs of at most {MODEL_OUTPUT_MAX_BYTES >> 20} MB, "
                f"got {network.description}"
            )
        if is_posenet(network):
            return "PoseNet"
        return "MoveNet MultiPose" if is_multipose(network) else "MoveNet SinglePose"
    raise ModelError(f"{network.path} is no pose model that is known: {_EXPECTED}; got {network.description}")
