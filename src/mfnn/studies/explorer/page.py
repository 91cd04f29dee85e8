"""A page that needs no other file: sliders for time and width, and what the theorem says there.

The particles of one network on the density of the limit, its weights' histograms under the marginals, its output beside
the target, and the constants in front of the rates.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from bokeh.embed import components
from bokeh.models import (
    CategoricalSlider,
    ColumnDataSource,
    CustomJS,
    DataRange1d,
    Div,
    HoverTool,
    LinearColorMapper,
    Slider,
)
from bokeh.plotting import figure
from bokeh.resources import Resources
from matplotlib.colors import to_hex

from mfnn.show import style

NETWORK = style.MEASURED[0]
_RANDOM = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")

# From the stored columns, one entry a time, into the sources that the plots show.
_UPDATE = """
const k = Math.round(time.value * (limit.data.output.length - 1) / time.end);
const network = networks[width.categories.indexOf(width.value)].data;
shades.data = {image: [limit.data.joint[k]]};
cloud.data = {c: network.c[k], w: network.w[k]};
const laws = {limit_c: limit.data.c[k], limit_w: limit.data.w[k]};
bars.data = {...bars.data, ...laws, network_c: network.bars_c[k], network_w: network.bars_w[k]};
curves.data = {...curves.data, limit: limit.data.output[k], network: network.output[k]};
reading.text = `t = ${time.value.toFixed(1)}, N = ${width.value}: ⟨c w₀⟩ is ${network.mean[k].toFixed(3)}`
    + ` in the network and ${limit.data.mean[k].toFixed(3)} in the limit`;
"""


def page(frames: xr.Dataset, cells: pd.DataFrame, template: str) -> str:
    """`template` filled with what the Dataset of `film.film.film` and the table of `constants.cells.cells` say."""
    widths = [str(width) for width in frames["width"].values]
    times = frames["time"].values
    limit, networks = _limit(frames), [_network(frames, width) for width in widths]
    time = Slider(start=0.0, end=times[-1], value=times[-1], step=times[1], title="time t", name="time")
    width = CategoricalSlider(categories=widths, value=widths[-1], title="width N", name="width")
    told = f"t = {times[-1]:.1f}, N = {widths[-1]}: ⟨c w₀⟩ is {networks[-1].data['mean'][-1]:.3f} in the network and"
    reading = Div(text=f"{told} {limit.data['mean'][-1]:.3f} in the limit", name="reading")
    sources = _sources(frames, limit, networks[-1])
    for name, source in sources.items():
        source.name = name
    given = {"time": time, "width": width, "reading": reading, "limit": limit, "networks": networks}
    update = CustomJS(args=given | sources, code=_UPDATE)
    for slider in (time, width):
        slider.js_on_change("value", update)
        slider.sizing_mode = "stretch_width"
    models = {"TIME": time, "WIDTH": width, "READING": reading, "CLOUD": _cloud(frames, sources)}
    models |= {"C": _histogram(sources, "c"), "W": _histogram(sources, "w"), "CURVES": _curves(frames, sources)}
    models["CONSTANTS"] = _constants(cells)
    script, divs = components(models)
    filled = template.replace(
        "{{RESOURCES}}", Resources(mode="inline", components=["bokeh", "bokeh-widgets"]).render()
    ).replace("{{SCRIPT}}", script)
    for name, div in divs.items():
        filled = filled.replace(f"{{{{{name}}}}}", div)
    return _numbered(filled)


def _network(frames: xr.Dataset, width: str) -> ColumnDataSource:
    """Columns with an entry a time: the first particles, densities of all of them in bins, the output, ⟨c w⟩."""
    theta, edges = frames[f"theta_{width}"].values, frames["edges"].values
    columns: dict[str, Any] = {"output": list(frames[f"output_{width}"].values.astype(np.float32))}
    for row, name in enumerate(("c", "w")):
        columns[name] = list(theta[:, : style.MOST_POINTS, row].astype(np.float32))
        columns[f"bars_{name}"] = [np.histogram(now[:, row], edges[row], density=True)[0] for now in theta]
    return ColumnDataSource(columns | {"mean": theta.prod(axis=2).mean(axis=1)})


def _limit(frames: xr.Dataset) -> ColumnDataSource:
    """The limit's columns with an entry a time: p(t, c, w), its marginals, G_t, ⟨c w, μ̄_t⟩."""
    joint, density, position = (frames[name].values for name in ("joint", "density", "position"))
    return ColumnDataSource(
        {
            "joint": list(joint.astype(np.float32)),
            "c": list(density[:, 0]),
            "w": list(density[:, 1]),
            "output": list(frames["output"].values),
            "mean": (joint * np.outer(*position)).sum(axis=(1, 2)) / joint.sum(axis=(1, 2)),
        }
    )


def _sources(frames: xr.Dataset, limit: ColumnDataSource, network: ColumnDataSource) -> dict[str, ColumnDataSource]:
    """What is shown at first, at the last time: the columns that the sliders replace."""
    last = {name: column[-1] for name, column in limit.data.items()}
    now = {name: column[-1] for name, column in network.data.items()}
    sides = {
        f"{side}_{name}": edges[part]
        for name, edges in zip("cw", frames["edges"].values, strict=True)
        for side, part in (("left", slice(None, -1)), ("right", slice(1, None)))
    }
    laws = {"limit_c": last["c"], "limit_w": last["w"], "network_c": now["bars_c"], "network_w": now["bars_w"]}
    shown: dict[str, dict[str, Any]] = {
        "shades": {"image": [last["joint"]]},
        "cloud": {"c": now["c"], "w": now["w"]},
        "bars": sides | laws,
        "curves": {"x": frames["x"].values, "target": frames["target"].values}
        | {"limit": last["output"], "network": now["output"]},
    }
    return {name: ColumnDataSource(columns) for name, columns in shown.items()}


def _plot(title: str, x: str, y: str, **options: Any) -> figure:
    plot = figure(height=290, sizing_mode="stretch_width", title=title, x_axis_label=x, y_axis_label=y, **options)
    plot.toolbar_location = None
    plot.grid.visible = False
    plot.outline_line_color = None
    return plot


def _cloud(frames: xr.Dataset, sources: dict[str, ColumnDataSource]) -> figure:
    (c_low, c_high), (w_low, w_high) = frames["position"].values[:, [0, -1]].tolist()
    plot = _plot("Neurons on the limit's density", "w₀", "c", tools="")
    palette = [to_hex(style.SHADES(level)) for level in np.linspace(0, 1, 64)]
    mapper = LinearColorMapper(palette, low=0.0, high=float(frames["joint"].max()))
    box = {"x": w_low, "y": c_low, "dw": w_high - w_low, "dh": c_high - c_low}
    plot.image("image", source=sources["shades"], color_mapper=mapper, **box)
    plot.scatter("w", "c", source=sources["cloud"], size=2, color="#222222", line_color=None)
    return plot


def _histogram(sources: dict[str, ColumnDataSource], name: str) -> figure:
    plot = _plot(
        f"Law of {_LABELS[name]}: network, limit", _LABELS[name], "density", tools="", y_range=DataRange1d(start=0)
    )
    bars: dict[str, Any] = {"source": sources["bars"], "left": f"left_{name}", "right": f"right_{name}"}
    plot.quad(top=f"network_{name}", bottom=0, color=NETWORK, alpha=0.5, line_color=None, **bars)
    plot.segment(
        x0=bars["left"],
        x1=bars["right"],
        y0=f"limit_{name}",
        y1=f"limit_{name}",
        source=bars["source"],
        color=style.LIMIT,
        line_width=3,
    )
    return plot


_LABELS = {"c": "c", "w": "w₀"}


def _curves(frames: xr.Dataset, sources: dict[str, ColumnDataSource]) -> figure:
    reach = 1.1 * float(np.abs(frames["target"]).max())
    plot = _plot("The output: network, limit, target", "x", "g(x)", tools="", y_range=(-reach, reach))
    looks = {"target": ("#8c8c8c", "dotted"), "limit": (style.LIMIT, "solid"), "network": (NETWORK, "dashed")}
    for name, (colour, dash) in looks.items():
        plot.line("x", name, source=sources["curves"], color=colour, line_dash=dash, line_width=2, legend_label=name)
    plot.legend.location = "top_left"
    return plot


def _constants(cells: pd.DataFrame) -> figure:
    """Measured over predicted constants at the last time; hovering over one tells both."""
    final = cells[(cells["time"] == cells["time"].max()) & (cells["predicted"] != 0)]
    ratio, half = final["measured"] / final["predicted"], style.HALF_95 * final["error"] / final["predicted"].abs()
    what = np.where(final["kind"] == "variance", "N Var ", "N Cov of two neurons, ") + final["observable"]
    what = what.where(final["kind"] == "variance", what + ", " + final["other"])
    names = what.rank(method="dense")
    beside = final["width"] * 10 ** (0.25 * (names / names.max() - 0.5))  # those of one width side by side
    columns = final[["width", "predicted", "measured", "error"]].assign(what=what, ratio=ratio, beside=beside)
    columns = columns.assign(low=ratio - half, high=ratio + half)
    source = ColumnDataSource({name: columns[name].to_numpy() for name in columns}, name="constants")
    title = f"Constants at t = {cells['time'].max():g}, measured over predicted (touch a point)"
    plot = _plot(title, "N", "ratio", tools="", x_axis_type="log", y_range=(0.4, 1.6))
    plot.line([final["width"].min(), final["width"].max()], [1, 1], color=style.LIMIT, line_dash="dashed")
    plot.segment("beside", "low", "beside", "high", source=source, color=NETWORK, alpha=0.4)
    points = plot.scatter("beside", "ratio", source=source, color=NETWORK, size=6)
    told = [("", "@what"), ("N", "@width"), ("predicted", "@predicted{0.0000}"), ("measured", "@measured{0.0000}")]
    plot.add_tools(HoverTool(renderers=[points], tooltips=[*told, ("± one error", "@error{0.0000}")]))
    return plot


def _numbered(html: str) -> str:
    """Bokeh's random identifiers replaced by numbers, so that equal data give equal bytes."""
    names = dict.fromkeys(_RANDOM.findall(html))
    numbers = {name: f"e0000000-0000-4000-8000-{number:012x}" for number, name in enumerate(names)}
    return _RANDOM.sub(lambda found: numbers[found[0]], html)
