"""The loss of the one-unit network over its two weights, from the side and from above, and two paths down it."""

from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go

from explorer.figures import base
from explorer.figures.base import LEGEND_ABOVE, axis, hover, layout
from explorer.formatting import three_digits
from explorer.prose import prose
from explorer.theme import Palette

HEIGHT = 400
LIFT = 0.003  # a path is drawn this much above the surface, so that it is not half hidden in it


class Surface(NamedTuple):
    """ℒ (n_b, n_w) over w (n_w,) and b (n_b,), the line of fixed points, and a net that is finest at the line"""

    w: np.ndarray
    b: np.ndarray
    loss: np.ndarray
    line_b: np.ndarray  # (n_w,)
    line_loss: np.ndarray  # (n_w,)
    net: np.ndarray  # (3, n_b, n_w)  w, b and ℒ; the wall is far thinner than an even grid can show


class Path(NamedTuple):
    """A ball's way: its places, the loss there, and the gradient there, before clipping and as used"""

    w: np.ndarray  # (n+1,)
    b: np.ndarray
    loss: np.ndarray
    norm: np.ndarray
    used: np.ndarray
    way: np.ndarray  # (3, m)  w, b and ℒ at many points between the places, as a line over the surface needs
    broke: bool = False  # the next step would not have been finite


Paths = dict[str, Path]  # by name: without clipping, with clipping


def from_the_side(surface: Surface, paths: Paths, palette: Palette) -> go.Figure:
    net = {
        "type": "surface",
        **dict(zip("xyz", surface.net.astype(np.float32), strict=True)),
        "colorscale": _greys(palette),
        "showscale": False,
        "lighting": {"ambient": 0.75, "diffuse": 0.5, "specular": 0.05},
        "hovertemplate": hover(prose("figures", "cliff_surface", w="%{x:.3f}", b="%{y:.3f}", loss="%{z:.4f}")),
    }
    fixed_points = {
        "type": "scatter3d",
        "x": surface.w,
        "y": surface.line_b,
        "z": surface.line_loss + LIFT,
        "mode": "lines",
        "line": {"color": palette.text, "width": 3, "dash": "dash"},
        "hoverinfo": "skip",
    }
    traces = [net, fixed_points]
    for (name, path), style in zip(paths.items(), _styles(palette), strict=True):
        traces += _path_on_surface(surface, name, path, style)
    start = next(iter(paths.values()))
    top = float(surface.loss.max())
    ball = _ball(start, palette, 7)
    ball |= {"x": np.repeat(ball["x"], 2), "y": np.repeat(ball["y"], 2), "z": np.array([start.loss[0] + LIFT, top])}
    pole: dict = {
        "mode": "lines+markers",
        "line": {"color": palette.text, "width": 4},
    }  # the wall may hide the ball itself
    pole["marker"] = ball["marker"] | {"size": [7, 2]}
    traces.append({"type": "scatter3d", **ball, **pole})
    plain = {"backgroundcolor": "rgba(0,0,0,0)", "gridcolor": palette.line, "color": palette.text, "nticks": 5}
    scene = {
        "xaxis": {**plain, "title": {"text": "w"}, "range": [surface.w[0], surface.w[-1]]},
        "yaxis": {**plain, "title": {"text": "b"}, "range": [surface.b[0], surface.b[-1]]},
        "zaxis": {**plain, "title": {"text": "ℒ"}, "range": [0, float(surface.loss.max()) * 1.05]},
        "aspectratio": {"x": 1.4, "y": 1.2, "z": 0.8},
        "camera": {"eye": {"x": 1.3, "y": 1.65, "z": 1.0}, "center": {"x": 0, "y": 0, "z": -0.27}},
        "dragmode": "turntable",
    }
    return base.draw(traces, layout(palette, HEIGHT, scene=scene))


def _path_on_surface(surface: Surface, name: str, path: Path, style: dict) -> list[dict]:
    """A line along the surface and a mark for every step, as far as they are in the picture"""
    w, b, loss = np.where(is_inside(surface, *path.way[:2]), path.way, np.nan)
    is_seen = is_inside(surface, path.w, path.b)
    text = prose("figures", "cliff_step", path=name, step="%{customdata}", w="%{x:.4g}", b="%{y:.4g}")
    line = {
        "type": "scatter3d",
        "x": w,
        "y": b,
        "z": loss + LIFT,
        "mode": "lines",
        "line": {"color": style["color"], "width": style["width"] * 2.5, "dash": style["dash"]},
        "hoverinfo": "skip",
    }
    marks = {
        "type": "scatter3d",
        "x": path.w[is_seen],
        "y": path.b[is_seen],
        "z": path.loss[is_seen] + LIFT,
        "name": name,
        "mode": "markers",
        "marker": {"color": style["color"], "size": style["width"] * 1.3, "symbol": style["symbol"]},
        "customdata": np.flatnonzero(is_seen),
        "hovertemplate": hover(text),
    }
    return [line, marks]


def from_above(surface: Surface, paths: Paths, palette: Palette) -> go.Figure:
    levels = {
        "type": "contour",
        "x": surface.w,
        "y": surface.b,
        "z": surface.loss.astype(np.float32),
        "colorscale": _greys(palette),
        "contours": {"start": 0.0, "end": 0.24, "size": 0.01},
        "line": {"width": 0.7, "color": palette.faint},
        "colorbar": {"title": {"text": "ℒ"}, "thickness": 12, "outlinewidth": 0},
        "hovertemplate": hover(prose("figures", "cliff_surface", w="%{x:.3f}", b="%{y:.3f}", loss="%{z:.4f}")),
    }
    fixed_points = {
        "type": "scatter",
        "x": surface.w,
        "y": surface.line_b,
        "mode": "lines",
        "line": {"color": palette.text, "width": 1.5, "dash": "dash"},
        "hoverinfo": "skip",
        "showlegend": False,
    }
    named = zip(paths.items(), _styles(palette), strict=True)
    ways = [_path_from_above(name, path, style) for (name, path), style in named]
    ball = {"type": "scatter", **_ball(next(iter(paths.values())), palette, 13)}
    return base.draw(
        [levels, fixed_points, *ways, ball],
        layout(
            palette,
            HEIGHT,
            xaxis=axis(palette, title={"text": "w"}, range=[surface.w[0], surface.w[-1]], showgrid=False),
            yaxis=axis(palette, title={"text": "b"}, range=[surface.b[0], surface.b[-1]], showgrid=False),
            showlegend=True,
            legend=LEGEND_ABOVE,
        ),
    )


def _path_from_above(name: str, path: Path, style: dict) -> dict:
    places = {"step": "%{customdata[0]}", "w": "%{x:.4g}", "b": "%{y:.4g}", "loss": "%{customdata[1]:.4g}"}
    sizes = {"norm": "%{customdata[2]:.4g}", "used": "%{customdata[3]:.4g}"}
    return {
        "type": "scatter",
        "x": path.w,
        "y": path.b,
        "name": name,
        "mode": "lines+markers",
        "line": {"color": style["color"], "width": style["width"], "dash": style["dash"]},
        "marker": {"color": style["color"], "size": style["width"] + 5, "symbol": style["symbol"]},
        "customdata": np.stack([np.arange(len(path.w)), path.loss, path.norm, path.used], axis=1),
        "hovertemplate": hover(prose("figures", "cliff_step_and_gradient", path=name, **places, **sizes)),
    }


def _styles(palette: Palette) -> tuple[dict, dict]:
    """How the two paths are told apart"""
    return (
        {"color": palette.backward, "dash": "dot", "symbol": "diamond", "width": 4},
        {"color": palette.forward, "dash": "solid", "symbol": "circle", "width": 2},
    )


def _ball(start: Path, palette: Palette, size: int) -> dict:
    """Where both paths begin"""
    return {
        "x": start.w[:1],
        "y": start.b[:1],
        "name": prose("figures", "cliff_start"),
        "mode": "markers",
        "marker": {"size": size, "color": palette.text, "line": {"color": palette.background, "width": 2}},
        "hovertemplate": hover(prose("figures", "cliff_ball")),
    }


def _greys(palette: Palette) -> list[tuple[float, str]]:
    """Low and plain, high and dark (in the dark theme: bright); the paths have the colours"""
    return [(0.0, palette.background), (0.2, palette.line), (1.0, palette.faint)]


# In words -------------------------------------------------------------------------------------------------------------


def sentence(paths: Paths) -> str:
    """Where both paths have led"""
    (name, path), (other_name, other) = paths.items()
    start = {"w": path.w[0], "b": path.b[0], "loss": three_digits(path.loss[0])}
    if len(path.w) == 1 and not path.broke:
        return prose("figures", "cliff_no_step", **start)
    ends = {"path": name, "steps": len(path.w) - 1, "end": three_digits(path.loss[-1])}
    other_ends = {"other": other_name, "other_steps": len(other.w) - 1, "other_end": three_digits(other.loss[-1])}
    return prose("figures", "cliff_ends", **start, **ends, **other_ends)


def events(surface: Surface, name: str, path: Path) -> str:
    """The longest step of a path, and where it left the picture or the numbers"""
    happened = []
    if len(path.w) > 1:
        moves = np.hypot(np.diff(path.w), np.diff(path.b))
        longest = int(np.argmax(moves))
        numbers = {"step": longest + 1, "norm": three_digits(path.norm[longest]), "move": three_digits(moves[longest])}
        if path.used[longest] < path.norm[longest]:
            clipped = three_digits(path.used[longest])
            happened.append(prose("figures", "cliff_longest_clipped", clipped=clipped, **numbers))
        else:
            happened.append(prose("figures", "cliff_longest", **numbers))
        is_outside = ~is_inside(surface, path.w, path.b)
        if is_outside.any():
            step = int(np.argmax(is_outside))
            place = {"step": step, "w": path.w[step], "b": path.b[step]}
            happened.append(prose("figures", "cliff_outside" if is_outside[-1] else "cliff_came_back", **place))
    if path.broke:
        happened.append(prose("figures", "cliff_broke"))
    return prose("figures", "cliff_events", path=f"{name[0].upper()}{name[1:]}", events="; ".join(happened))


def is_inside(surface: Surface, w: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Is it in the picture?"""
    in_w = (w >= surface.w[0]) & (w <= surface.w[-1])
    return in_w & (b >= surface.b[0]) & (b <= surface.b[-1])
