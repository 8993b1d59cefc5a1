"""Write an encoder as an ONNX graph that takes embedded tokens, its matrices in eight bits.

The graph is laid by hand, so that it has the fused operators that ONNX Runtime is fast with.
"""

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

from training.sentiment.encoder import HEADS, Encoder

_FUSED = "com.microsoft"


class _Graph:
    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.weights: list[onnx.TensorProto] = []

    def weight(self, name: str, value: np.ndarray) -> str:
        self.weights.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def add(
        self, kind: str, inputs: list[str], output: str, fused: bool = False, **given: object
    ) -> str:
        domain = _FUSED if fused else ""
        self.nodes.append(
            helper.make_node(kind, inputs, [output], name=output, domain=domain, **given)
        )
        return output


def write_graph(encoder: Encoder, path: Path, *, pooled: bool = False) -> None:
    """Write the graph of `tokens` (rows, length, width), `counts` (rows) and `here` to `logits`.

    `tokens` are vectors with their places added, `here` (rows, length, 1) is 1 where one is.
    """
    plain = path.with_suffix(".float.onnx")
    model = _float_graph(encoder)
    if pooled:
        more = helper.make_tensor_value_info("pooled", TensorProto.FLOAT, ["rows", "width"])
        model.graph.output.append(more)
    onnx.save(model, plain)
    quantize_dynamic(
        plain,
        path,
        per_channel=True,
        weight_type=QuantType.QInt8,
        op_types_to_quantize=["MatMul"],
        nodes_to_exclude=["hidden.m", "logits.m"],
        extra_options={"DefaultTensorType": TensorProto.FLOAT},
    )
    plain.unlink()


def _float_graph(encoder: Encoder) -> onnx.ModelProto:
    state = {name: value.detach().float().numpy() for name, value in encoder.state_dict().items()}
    g = _Graph()

    def normed(x: str, added: str, bias: str | None, prefix: str) -> str:
        inputs = [
            x,
            added,
            g.weight(f"{prefix}.g", state[f"{prefix}.weight"]),
            g.weight(f"{prefix}.b", state[f"{prefix}.bias"]),
        ]
        if bias:
            inputs.append(g.weight(bias, state[bias]))
        return g.add("SkipLayerNormalization", inputs, f"{prefix}.y", fused=True, epsilon=1e-12)

    def times(x: str, weight: str) -> str:
        return g.add(
            "MatMul", [x, g.weight(weight, state[weight].T)], weight.removesuffix(".weight") + ".m"
        )

    def plus(x: str, bias: str) -> str:
        return g.add("Add", [x, g.weight(bias, state[bias])], bias.removesuffix(".bias") + ".y")

    # Places are added before: here the tokens come with them.
    x = g.add(
        "LayerNormalization",
        [
            "tokens",
            g.weight("first.g", state["first.weight"]),
            g.weight("first.b", state["first.bias"]),
        ],
        "first.y",
        axis=-1,
        epsilon=1e-12,
    )
    for number in range(len(encoder.layers)):
        at = f"layers.{number}"
        qkv = plus(times(x, f"{at}.qkv.weight"), f"{at}.qkv.bias")
        sizes = g.weight(f"{at}.thirds", np.array([state["first.weight"].size] * 3, np.int64))
        parts = [f"{at}.{part}" for part in "qkv"]
        g.nodes.append(helper.make_node("Split", [qkv, sizes], parts, name=f"{at}.split", axis=-1))
        seen = g.add(
            "MultiHeadAttention", [*parts, "", "counts"], f"{at}.seen", fused=True, num_heads=HEADS
        )
        x = normed(times(seen, f"{at}.out.weight"), x, f"{at}.out.bias", f"{at}.norm")
        inner = times(x, f"{at}.inner.weight")
        inner = g.add(
            "BiasGelu",
            [inner, g.weight(f"{at}.inner.bias", state[f"{at}.inner.bias"])],
            f"{at}.gelu",
            fused=True,
        )
        x = normed(times(inner, f"{at}.outer.weight"), x, f"{at}.outer.bias", f"{at}.last")
    total = g.add(
        "ReduceSum",
        [g.add("Mul", [x, "here"], "kept"), g.weight("axis", np.array([1], np.int64))],
        "total",
        keepdims=0,
    )
    pooled = g.add(
        "Div", [total, g.add("ReduceSum", ["here", "axis"], "many", keepdims=0)], "pooled"
    )
    hidden = g.add("Tanh", [plus(times(pooled, "hidden.weight"), "hidden.bias")], "hidden.t")
    g.add("Identity", [plus(times(hidden, "logits.weight"), "logits.bias")], "logits")
    kinds = helper.make_tensor_value_info
    graph = helper.make_graph(
        g.nodes,
        "deep",
        [
            kinds("tokens", TensorProto.FLOAT, ["rows", "length", state["first.weight"].size]),
            kinds("counts", TensorProto.INT32, ["rows"]),
            kinds("here", TensorProto.FLOAT, ["rows", "length", 1]),
        ],
        [kinds("logits", TensorProto.FLOAT, ["rows", 3])],
        g.weights,
    )
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid(_FUSED, 1)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=9)
