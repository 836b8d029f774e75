"""The loss of the one-unit network over its two weights, from the side and from above, and two paths down it."""

from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go

from explorer import theme
from explorer.formatting import three_digits
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


Paths = dict[str, Path]  # "without clipping", "with clipping"


def from_the_side(surface: Surface, paths: Paths, palette: Palette) -> go.Figure:
    fig = theme.figure(palette, HEIGHT)
    fig.add_surface(
        **dict(zip("xyz", surface.net.astype(np.float32), strict=True)),
        colorscale=_greys(palette),
        showscale=False,
        lighting={"ambient": 0.75, "diffuse": 0.5, "specular": 0.05},
        hovertemplate="w = %{x:.3f}<br>b = %{y:.3f}<br>ℒ = %{z:.4f}<extra></extra>",
    )
    fig.add_scatter3d(
        x=surface.w,
        y=surface.line_b,
        z=surface.line_loss + LIFT,
        mode="lines",
        line={"color": palette.text, "width": 3, "dash": "dash"},
        hoverinfo="skip",
    )
    for (name, path), look in zip(paths.items(), _looks(palette), strict=True):
        w, b, loss = np.where(is_inside(surface, *path.way[:2]), path.way, np.nan)
        line = {"color": look["color"], "width": look["width"] * 2.5, "dash": look["dash"]}
        fig.add_scatter3d(x=w, y=b, z=loss + LIFT, mode="lines", line=line, hoverinfo="skip")
        seen = is_inside(surface, path.w, path.b)
        fig.add_scatter3d(
            x=path.w[seen],
            y=path.b[seen],
            z=path.loss[seen] + LIFT,
            name=name,
            mode="markers",
            marker={"color": look["color"], "size": look["width"] * 1.3, "symbol": look["symbol"]},
            customdata=np.flatnonzero(seen),
            hovertemplate=f"{name}, after step %{{customdata}}<br>w = %{{x:.4g}}, b = %{{y:.4g}}<extra></extra>",
        )
    _ball(fig, go.Scatter3d, paths, palette, z=next(iter(paths.values())).loss[:1] + LIFT, size=7)
    axis = {"backgroundcolor": "rgba(0,0,0,0)", "gridcolor": palette.line, "color": palette.text, "nticks": 5}
    fig.update_scenes(
        xaxis={**axis, "title": "w", "range": [surface.w[0], surface.w[-1]]},
        yaxis={**axis, "title": "b", "range": [surface.b[0], surface.b[-1]]},
        zaxis={**axis, "title": "ℒ", "range": [0, float(surface.loss.max()) * 1.05]},
        aspectratio={"x": 1.4, "y": 1.2, "z": 0.8},
        camera={"eye": {"x": 1.3, "y": 1.65, "z": 1.0}, "center": {"x": 0, "y": 0, "z": -0.27}},
        dragmode="turntable",
    )
    return fig


def from_above(surface: Surface, paths: Paths, palette: Palette) -> go.Figure:
    fig = theme.figure(palette, HEIGHT)
    fig.add_contour(
        x=surface.w,
        y=surface.b,
        z=surface.loss.astype(np.float32),
        colorscale=_greys(palette),
        contours={"start": 0.0, "end": 0.24, "size": 0.01},
        line={"width": 0.7, "color": palette.faint},
        colorbar={"title": "ℒ", "thickness": 12, "outlinewidth": 0},
        hovertemplate="w = %{x:.3f}<br>b = %{y:.3f}<br>ℒ = %{z:.4f}<extra></extra>",
    )
    fig.add_scatter(
        x=surface.w,
        y=surface.line_b,
        mode="lines",
        line={"color": palette.text, "width": 1.5, "dash": "dash"},
        hoverinfo="skip",
        showlegend=False,
    )
    for (name, path), look in zip(paths.items(), _looks(palette), strict=True):
        fig.add_scatter(
            x=path.w,
            y=path.b,
            name=name,
            mode="lines+markers",
            line={"color": look["color"], "width": look["width"], "dash": look["dash"]},
            marker={"color": look["color"], "size": look["width"] + 5, "symbol": look["symbol"]},
            customdata=np.stack([np.arange(len(path.w)), path.loss, path.norm, path.used], axis=1),
            hovertemplate=f"{name}, after step %{{customdata[0]}}<br>w = %{{x:.4g}}, b = %{{y:.4g}}"
            "<br>ℒ = %{customdata[1]:.4g}<br>‖g‖ = %{customdata[2]:.4g}, used %{customdata[3]:.4g}<extra></extra>",
        )
    _ball(fig, go.Scatter, paths, palette, size=13)
    fig.update_xaxes(title="w", range=[surface.w[0], surface.w[-1]], showgrid=False)
    fig.update_yaxes(title="b", range=[surface.b[0], surface.b[-1]], showgrid=False)
    fig.update_layout(showlegend=True, legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0})
    return fig


def _looks(palette: Palette) -> tuple[dict, dict]:
    return (
        {"color": palette.backward, "dash": "dot", "symbol": "diamond", "width": 4},
        {"color": palette.forward, "dash": "solid", "symbol": "circle", "width": 2},
    )


def _ball(fig: go.Figure, kind: type, paths: Paths, palette: Palette, size: int, **height) -> None:
    """Where both paths begin"""
    start = next(iter(paths.values()))
    fig.add_trace(
        kind(
            x=start.w[:1],
            y=start.b[:1],
            **height,
            name="start",
            mode="markers",
            marker={"size": size, "color": palette.text, "line": {"color": palette.background, "width": 2}},
            hovertemplate="the ball's start<extra></extra>",
        )
    )


def _greys(palette: Palette) -> list[tuple[float, str]]:
    """Low and plain, high and dark (in the dark theme: bright); the paths have the colours"""
    return [(0.0, palette.background), (0.2, palette.line), (1.0, palette.faint)]


# In words -------------------------------------------------------------------------------------------------------------


def sentence(surface: Surface, paths: Paths) -> str:
    """Where both paths have led"""
    first = next(iter(paths.values()))
    begin = f"From w = {first.w[0]:.4g}, b = {first.b[0]:.4g}, where ℒ = {three_digits(first.loss[0])}"
    if len(first.w) == 1 and not first.broke:
        return f"{begin}, no step has been taken yet."
    ends = [f"{name} {_steps(len(path.w) - 1)} to ℒ = {three_digits(path.loss[-1])}" for name, path in paths.items()]
    return f"{begin}, {' and '.join(ends)}."


def _steps(n: int) -> str:
    return "1 step leads" if n == 1 else f"{n} steps lead"


def events(surface: Surface, name: str, path: Path) -> str:
    """The longest step of a path, and where it left the picture or the numbers"""
    told = []
    if len(path.w) > 1:
        moves = np.hypot(np.diff(path.w), np.diff(path.b))
        longest = int(np.argmax(moves))
        size, used = path.norm[longest], path.used[longest]
        clipped = f" was shortened to {three_digits(used)} and" if used < size else ""
        told.append(
            f"its longest step was step {longest + 1}: ‖g‖ = {three_digits(size)}{clipped} moved it by "
            f"{three_digits(moves[longest])}"
        )
        outside = ~is_inside(surface, path.w, path.b)
        if outside.any():
            step = int(np.argmax(outside))
            back = "and it is still outside" if outside[-1] else "but it has come back"
            told.append(
                f"step {step} took it **out of the picture**, to w = {path.w[step]:.4g}, b = {path.b[step]:.4g}, {back}"
            )
    if path.broke:
        told.append("the next step would **not be finite**, so it stays where it is")
    return f"**{name[0].upper()}{name[1:]}**: {'; '.join(told)}."


def is_inside(surface: Surface, w: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Is it in the picture?"""
    in_w = (w >= surface.w[0]) & (w <= surface.w[-1])
    return in_w & (b >= surface.b[0]) & (b <= surface.b[-1])
