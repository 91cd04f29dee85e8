"""The figures: drawn without a warning, the same bytes from the same data, nothing volatile inside."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from mfnn.show import style
from mfnn.studies.chaos import figure as chaos
from mfnn.studies.chaos import groups_figure as groups
from mfnn.studies.constants import figure as constants
from mfnn.studies.controls import figure as controls
from mfnn.studies.convergence import paths_figure as paths
from mfnn.studies.convergence import rates_figure as rates
from mfnn.studies.convergence import risk_figure as risk
from mfnn.studies.distances import figure as distances
from mfnn.studies.distances import histograms_figure as histograms
from mfnn.studies.finite_volumes import density_figure as density
from mfnn.studies.proof import figure as proof_terms
from mfnn.studies.settling import figure as settling
from mfnn.verdicts.rates import Estimate, columns

WIDTHS = (100, 1000, 10_000)
TIMES = np.array([0.0, 1.0, 2.0])


def clouds(components):
    rng = np.random.default_rng(1)
    dims = ("replica", "keep_time", "particle", "component")
    return {
        width: xr.DataArray(rng.normal(size=(2, 2, width, len(components))), {"component": components}, dims)
        for width in WIDTHS[:2]
    }


def draw_histograms():
    position = np.linspace(-3, 3, 61)
    density = np.array([(np.abs(position) < 1) / 2, np.exp(-(position**2) / 2) / np.sqrt(2 * np.pi)])
    law = xr.Dataset(
        {
            "density": (("keep_time", "component", "point"), np.stack([density, density], axis=1)),
            "position": (("component", "point"), np.stack([position, position])),
        },
        {"component": ["c", "w0"], "keep_time": [0.0, 2.0]},
    )
    return histograms.draw(clouds(["c", "w0"]), law)


def error_table():
    rows = [
        {"observable": name, "width": width, "time": time, "limit": 1 - time / 4, "limit_error": 1e-3}
        | {
            **columns("bias", Estimate(1 / width, 1 / width)),
            "variance": 1 / width,
            **columns("rms", Estimate(width**-0.5, 0.1 / width)),
        }
        for name in ("c^2", "g(0.5, -0.5)", "risk")
        for width in WIDTHS
        for time in TIMES
    ]
    return pd.DataFrame(rows)


def draw_rates():
    errors = error_table()
    sup = errors[errors["time"] == 0].drop(columns=["time", "limit_error"])
    law = {"slope": -0.5, "error": 0.01, "low": -0.52, "high": -0.48, "intercept": 0.0}
    kinds = [("slope", "c^2"), ("slope_risk", "risk"), ("slope_sup", "c^2"), ("slope_sup", "risk")]
    fits = pd.DataFrame([{"kind": kind, "observable": name, **law} for kind, name in kinds])
    return rates.draw({"sine1d": rates.Measured(errors, sup, fits)})


def draw_paths():
    rng = np.random.default_rng(2)
    replicas = {
        width: xr.Dataset({"c*w0": (("replica", "time"), rng.normal(size=(5, 3)) / width**0.5 + TIMES)})
        for width in WIDTHS
    }
    limit = xr.Dataset({"mean": (("observable", "time"), TIMES[None])}, {"observable": ["c*w0"], "time": TIMES})
    return paths.draw(replicas, limit, "c*w0", most=4)


def draw_risk():
    return risk.draw({"sine1d": error_table()})


def draw_distances():
    rng = np.random.default_rng(3)
    rows = [
        {"distance": key, "width": width, "sample": sample, "replica": r, "value": rng.uniform(1, 2) * width**-0.5}
        for key in (*distances.SHOWN, "w1_w1")
        for width in WIDTHS
        for sample in ("trained", "iid")
        for r in range(3)
    ]
    return distances.draw({"sine1d": pd.DataFrame(rows)})


def draw_settling():
    rng = np.random.default_rng(4)
    components = ["c0", "c1", "w300", "w406"]
    reference = rng.normal(size=(2, 200, 4)) * np.array([0.05, 1.0])[:, None, None]
    law = xr.Dataset({"reference": (("keep_time", "particle", "component"), reference)}, {"component": components})
    accuracy = pd.DataFrame([(w, 2.0, r, 0.9 - w**-0.5) for w in (0.5, *WIDTHS) for r in (0, 1)])
    accuracy.columns = ["width", "time", "replica", "accuracy"]
    accuracy["width"] = accuracy["width"].astype(int)
    rows = [
        {"comparison": kind, "coordinate": name, "width": width, "replica": pair, "value": rng.uniform(1, 2) * size}
        for kind in settling.COMPARISONS
        for name in components
        for width, size in ((100, 0.1), (1000, 0.03))
        for pair in (0, 1)
    ]
    return settling.draw(clouds(components), law, "w406", accuracy, pd.DataFrame(rows))


def draw_density():
    position = np.stack([np.linspace(-2, 2, 21), np.linspace(-3, 3, 21)])
    joint = np.exp(-(position[0][:, None] ** 2) - position[1] ** 2) * np.ones((2, 1, 1))
    law = xr.Dataset(
        {"joint": (("keep_time", "c_point", "w_point"), joint), "position": (("component", "point"), position)},
        {"component": ["c", "w0"], "keep_time": [0.0, 2.0]},
    )
    return density.draw(clouds(["c", "w0"])[100].assign_coords(keep_time=[0.0, 2.0]), law)


def draw_proof_terms():
    rows = [
        {"term": term, "observable": name, "width": width, "predicted": 0.9 * width**power}
        | columns("rms", Estimate(width**power, 0.1 * width**power))
        for term, power in (("martingale", -0.5), ("remainder", -1.0), ("last", -1.0))
        for name in ("c^2", "cos(w0)")
        for width in WIDTHS
    ]
    return proof_terms.draw(pd.DataFrame(rows))


def draw_controls():
    variants = {variant for panel in controls.PANELS.values() for variant in panel}
    rows = [
        {"variant": variant, "width": width, **columns("variance", Estimate(1.1, 0.1)), "predicted": 1.0}
        for variant in sorted(variants)
        for width in WIDTHS
    ]
    law = {"time": 2.0, "observable": "c*w0", "predicted": 0.0, "slope": -0.5, "low": -0.52, "high": -0.48}
    probes = [dict(zip(("variant", "probe"), key.rsplit("_", 1), strict=True)) for key in controls.TITLES]
    sizes = [
        probe | {"width": width, **columns("value", Estimate(width**-0.5, 0.01))}
        for probe in probes
        for width in WIDTHS
    ]
    fits = [probe | law | {"intercept": 0.0} for probe in probes]
    return controls.draw(*map(pd.DataFrame, (rows, sizes, fits)))


def draw_chaos():
    rows = [
        {"kind": kind, "width": width, "time": 2.0, "predicted": 0.9, "measured": 1.0, "error": 0.05}
        for kind in ("at", "sup")
        for width in WIDTHS
    ]
    independence = [{"width": width, "value": 1 / width, "null_mean": 0.0, "null_error": 0.001} for width in WIDTHS]
    joint = [row | {"kind": kind} for row in independence for kind in ("whole", "up to sign")]
    return chaos.draw(*map(pd.DataFrame, (rows, independence, joint)))


def draw_groups():
    row = {"width": WIDTHS, "measured": 1.0, "error": 0.1, "predicted": 0.9}
    products = [pd.DataFrame(row | {"neurons": k}) for k in (2, 3, 4)]
    sizes = [pd.DataFrame(row | {"group": name}) for name in groups.NAMES]
    return groups.draw(pd.concat(products), pd.concat(sizes))


def cells():
    rows = [
        {"kind": kind, "observable": f, "other": g, "time": 2.0, "width": width, "predicted": value}
        | {"measured": 1.1 * value, "error": 0.1 * value, "pull": 1.0}
        for kind, f, g, value in (
            ("variance", "c^2", "c^2", 1.0),
            ("pair", "c^2", "w0^2", 0.5),
            ("pair", "c", "c", 0.2),
        )
        for width in WIDTHS
    ]
    return pd.DataFrame(rows)


def draw_constants():
    return constants.draw({"sine1d": cells(), "teacher2d": cells()})


def draw_pulls():
    null = pd.DataFrame({"kind": ["variance", "pair"] * 50, "pull": np.linspace(-2, 2, 100)})
    return constants.draw_pulls({"sine1d": (cells(), null)}, {"sine1d": 100})


DRAWN = [draw_histograms, draw_rates, draw_paths, draw_risk, draw_distances, draw_settling, draw_density]
DRAWN += [draw_constants, draw_pulls, draw_chaos, draw_groups, draw_proof_terms, draw_controls]


@pytest.mark.parametrize("draw", DRAWN, ids=lambda draw: draw.__name__)
def test_equal_data_give_equal_bytes(draw, tmp_path):
    files = [tmp_path / f"{copy}.{kind}" for copy in "ab" for kind in ("pdf", "png")]
    for first in (0, 2):
        style.save(draw(), files[first : first + 2])
    pdf, png, *again = (path.read_bytes() for path in files)
    assert [pdf, png] == again
    assert pdf.startswith(b"%PDF") and png.startswith(b"\x89PNG")
    assert not any(word in pdf + png for word in (b"CreationDate", b"Matplotlib", b"matplotlib"))
    assert sorted(tmp_path.iterdir()) == sorted(files)  # no temporary file is left


@pytest.mark.parametrize("draw", DRAWN, ids=lambda draw: draw.__name__)
def test_figures_have_the_width_of_the_text_and_panels_with_something_in_them(draw):
    figure = draw()
    assert figure.get_figwidth() == style.WIDTH and figure.get_figheight() < 8
    assert all(panel.has_data() for panel in figure.axes)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=8), st.floats(0.01, 0.2))
def test_labels_are_moved_apart_and_no_further(wanted, gap):
    wanted = np.sort(wanted)
    placed = style.apart(wanted, gap)
    assert (np.diff(placed) >= gap - 1e-12).all()
    assert np.isclose(placed.mean(), wanted.mean())
    if (np.diff(wanted) >= gap).all():
        assert np.allclose(placed, wanted)


def test_a_histogram_counts_what_lies_beyond_its_bins():
    _, axes = style.panels(1.0, 1, 1)
    values = np.concatenate([np.linspace(0.01, 0.99, 90), np.full(10, 5.0)])
    heights = style.histogram(axes[0, 0], values, style.bin_edges(100, 0.0, 1.0), "k")
    assert np.isclose(heights.mean(), 0.9)
    assert [text.get_text() for text in axes[0, 0].texts] == [r"$10\,\%$ beyond"]


def test_a_null_band_holds_most_bins_of_independent_draws():
    """95 % of the bins or, counts being integers, a few more; with the mass of another law far fewer."""
    rng = np.random.default_rng(5)
    edges = style.bin_edges(4000, 0.0, 1.0)
    share = {}
    for name, power in (("own", 1.0), ("another", 1.3)):
        inside = []
        for _ in range(30):
            _, axes = style.panels(1.0, 1, 1)
            heights = style.histogram(axes[0, 0], rng.random(4000), edges, "k")
            style.null_band(axes[0, 0], np.diff(edges**power), edges, 4000)
            band = axes[0, 0].patches[-1].get_data()
            inside.append((heights >= band.baseline) & (heights <= band.values))
        share[name] = np.mean(inside)  # of 960 bins: standard error 0.007
    assert 0.93 < share["own"] < 0.98
    assert share["another"] < 0.8


def test_wider_is_darker():
    colours = style.width_colours([1000, 100, 10_000])
    assert list(colours) == [100, 1000, 10_000]
    lightness = [sum(colour[:3]) for colour in colours.values()]
    assert lightness == sorted(lightness, reverse=True)


def test_eight_quantities_and_the_risk_look_different():
    looks = [style.look(number) for number in range(8)] + [style.RISK_LOOK]
    assert all(len({look[part] for look in looks}) == 9 for part in (0, 1))
    assert style.look(8) == style.look(0)


def test_an_underscore_in_a_name_is_no_subscript():
    assert style.scenario_name("three_points") == r"$\mathtt{three\_points}$"
