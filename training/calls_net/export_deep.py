"""Write the teacher's layers in eight bits as the decider that ships.

python -m training.calls_net.export_deep START TEACHER
"""

import sys
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import helper

from training.calls_net.soft import write
from training.calls_net.teacher import LAYERS, Teacher, beginning

FOLDER = Path(__file__).parents[2] / "streams" / "calls_net"
LONGEST = 96


def _parted(model: onnx.ModelProto) -> onnx.ModelProto:
    """Add and normalise in two steps: ONNX Runtime 1.32 is four times as slow with both in one.

    `Sum`, as what `Add` gives would be fused with the normalising again.
    """
    nodes = []
    for node in model.graph.node:
        if node.op_type != "SkipLayerNormalization":
            nodes.append(node)
            continue
        x, skipped, gain, offset, *bias = node.input
        [epsilon] = [given.f for given in node.attribute if given.name == "epsilon"]
        [out] = node.output
        total = f"{out}.sum"
        nodes.append(helper.make_node("Sum", [x, skipped, *bias], [total], name=total))
        nodes.append(
            helper.make_node(
                "LayerNormalization",
                [total, gain, offset],
                [out],
                name=out,
                axis=-1,
                epsilon=epsilon,
            )
        )
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    return model


def main() -> None:
    """Write `deep.onnx` and `deep.npz` of the package."""
    start, teacher = map(Path, sys.argv[1:3])
    state = torch.load(start)
    model = Teacher(len(state["word.weight"]), LAYERS)
    model.load_state_dict(beginning(state), strict=False)
    model.load_state_dict(torch.load(teacher), strict=False)
    model.eval()
    made = FOLDER / "made.onnx"
    write(model, made)
    onnx.save(_parted(onnx.load(made)), made)
    made.replace(FOLDER / "deep.onnx")
    places = model.place.weight.detach().numpy()[:LONGEST].astype(np.float16)
    np.savez_compressed(FOLDER / "deep.npz", places=places)
    print((FOLDER / "deep.onnx").stat().st_size)  # noqa: T201


if __name__ == "__main__":
    main()
