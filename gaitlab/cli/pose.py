"""`gaitlab pose`: every pose in one picture, as numbers and as a drawing."""

from __future__ import annotations

import argparse
from contextlib import closing
from pathlib import Path

from gaitlab.cli.analyze import add_model_option, check_folders, open_pose_engine
from gaitlab.cli.output import write_json
from gaitlab.pipeline import PictureSettings, find_poses
from gaitlab.records import Picture
from gaitlab.reports.report_json import poses_to_json
from gaitlab.settings import PoseSettings
from gaitlab.video import read_picture
from gaitlab.video.overlay import with_poses
from gaitlab.video.stills import check_picture_name, write_picture

__all__ = ["add_pose_options", "run_pose"]


def run_pose(args: argparse.Namespace) -> None:
    """Find every pose in one picture."""
    check_folders((args.json, args.draw))
    if args.draw:
        check_picture_name(args.draw)
    pictures = PictureSettings(
        people=args.people,
        image_scale_factor=args.image_scale_factor,
        flip_horizontal=args.flip_horizontal,
        max_detections=args.max_detections,
        score_threshold=args.score_threshold,
        nms_radius_px=args.nms_radius_px,
    )
    rgb = read_picture(Path(args.image))
    picture = Picture.of_rgb(rgb)
    with closing(open_pose_engine(PoseSettings(model=args.model), pictures=pictures)) as engine:
        poses = [(pose.xy_px, pose.score) for pose in find_poses(picture, engine)]
    if args.draw:
        shown = rgb[:, ::-1] if args.flip_horizontal else rgb
        write_picture(with_poses(shown, poses), Path(args.draw))
    report = poses_to_json(poses, picture.wh)
    if args.json:
        write_json(report, args.json)
        return
    for pose in report["poses"]:
        print(f"pose, score {pose['score']:.2f}")
        for point in pose["keypoints"]:
            print(f"  {point['name']:16} {point['x']:8.1f} {point['y']:8.1f}  {point['score']:.2f}")


def add_pose_options(command: argparse.ArgumentParser) -> None:
    """Add the options of `gaitlab pose`."""
    command.add_argument("image", help="JPEG, PNG or BMP file; HEIC with the extra `heic`")
    add_model_option(command)
    command.add_argument("--json", metavar="FILE|-", help="write JSON to a file or to stdout")
    command.add_argument(
        "--draw", metavar="OUT.png", help="write the picture with the skeletons drawn on it (.png or .jpg)"
    )
    command.add_argument(
        "--flip-horizontal",
        action="store_true",
        help="positions in the mirrored picture; left and right stay the sides that the network saw",
    )
    alone = command.add_argument_group(
        "parameters of the network",
        "With one of them the network works alone, once, on the whole picture. Without, GaitLab finds everybody and "
        "measures each person in crops.",
    )
    alone.add_argument(
        "--people",
        choices=("single", "several"),
        help="always one pose, or everybody (PoseNet: both; MoveNet Thunder and Lightning: single; MultiPose: several)",
    )
    alone.add_argument("--max-detections", type=int, metavar="N", help="most poses (PoseNet: 5; MoveNet MultiPose: 6)")
    alone.add_argument(
        "--score-threshold",
        type=float,
        metavar="0-1",
        help="least score of the keypoint that a pose is grown from (PoseNet: 0.5) or of a person (MultiPose: 0.11)",
    )
    alone.add_argument(
        "--nms-radius-px",
        type=float,
        metavar="PX",
        help="positions of one part this near belong to one pose, in pixels of the network's input (PoseNet: 20)",
    )
    alone.add_argument(
        "--image-scale-factor",
        type=float,
        metavar="0.2-1",
        help="the network works at this share of its input size, faster and coarser (PoseNet: 1)",
    )
