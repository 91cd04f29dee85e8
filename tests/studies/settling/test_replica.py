"""The summary of a replica has what its particles give."""

import numpy as np
import pytest
import xarray as xr

from mfnn.numerics.distances import w1
from mfnn.storage import UnreadableError, read_dataset, write_dataset
from mfnn.studies.settling.replica import BINS, accuracies, clouds, read_recorded, summarise
from mfnn.studies.settling.settling import distances_between_runs

PARTICLES, NODES = 5000, 1024


@pytest.fixture
def run() -> xr.Dataset:
    rng = np.random.default_rng(1)
    theta = rng.normal([[[[0.0, 1.0]], [[2.0, 1.0]]]], [1.0, 3.0], size=(1, 2, PARTICLES, 2))
    output = np.array([[[[1.0, 0.0], [1.0, 0.0]], [[1.0, 0.0], [0.0, 1.0]], [[1.0, 0.0], [0.0, 1.0]]]])
    return xr.Dataset(
        {
            "theta": (("replica", "keep_time", "particle", "component"), theta),
            "output": (("replica", "time", "point", "output_index"), output),
            "c^2": (("replica", "time"), [[1.0, 2.0, 3.0]]),
        },
        {"replica": [7], "time": [0.0, 1.0, 2.0], "keep_time": [0.0, 2.0], "component": ["c", "w0"]},
        {"width": PARTICLES},
    )


@pytest.fixture
def nodes() -> xr.DataArray:
    theta = np.random.default_rng(2).normal([[[0.0, 1.0]], [[2.0, 1.0]]], [1.0, 3.0], size=(2, NODES, 2))
    dims, coords = ("keep_time", "particle", "component"), {"keep_time": [0.0, 2.0], "component": ["c", "w0"]}
    return xr.DataArray(theta, coords, dims)


def test_it_has_what_the_particles_give(run: xr.Dataset, nodes: xr.DataArray, tmp_path) -> None:
    write_dataset(summarise(run, nodes, np.eye(2), np.random.default_rng(0)), tmp_path / "a.nc")
    summary, theta = read_dataset(tmp_path / "a.nc"), run["theta"].values[0]
    assert (tmp_path / "a.nc").stat().st_size < 300_000
    assert summary.attrs["replica"] == 7 and summary.attrs["width"] == PARTICLES
    np.testing.assert_allclose(summary["moment"].sel(order=2), (theta**2).mean(axis=1))
    np.testing.assert_array_equal(summary["c^2"], [1.0, 2.0, 3.0])
    np.testing.assert_array_equal(summary["accuracy"], [0.5, 1.0, 1.0])
    assert summary["histogram"].shape == (2, 2, BINS)
    assert (summary["histogram"].sum("bin") == PARTICLES).all()
    low, high = summary["edge"].values[0, 1]
    np.testing.assert_array_equal(summary["histogram"][0, 1], np.histogram(theta[0, :, 1], BINS, (low, high))[0])


def test_the_distance_of_two_runs_is_that_of_their_quantiles(run: xr.Dataset, nodes: xr.DataArray) -> None:
    """To 1% of it; and a run of the limit's law is as far from it as samples are, one of another law farther."""
    other = run.assign(theta=run["theta"] + 0.3 * np.cos(run["theta"]))
    one, two = (summarise(each, nodes, np.eye(2), np.random.default_rng(0)) for each in (run, other))
    by_quantiles = abs(one["quantile"] - two["quantile"]).mean("level").values[-1]
    exact = [w1(*(np.sort(each["theta"].values[0, -1, :, a]) for each in (run, other))) for a in range(2)]
    np.testing.assert_allclose(by_quantiles, exact, rtol=0.01)
    assert (one["to_limit"] < 4 * one["to_limit_null"]).all()
    assert (two["to_limit"] > one["to_limit"]).all()


def test_recorded_laws_are_as_far_apart_as_the_particles_were(run: xr.Dataset, nodes: xr.DataArray) -> None:
    """All comparisons of two runs, their nulls included, to 2 % or what random splits differ by."""
    other = run.assign(theta=run["theta"] + 0.1 * np.cos(run["theta"])).assign_coords(replica=[8])
    summaries = [
        summarise(each, nodes, np.eye(2), np.random.default_rng(0)).assign_attrs(recorded="then")
        for each in (other, run)
    ]
    recorded = clouds(summaries)[PARTICLES]
    assert list(recorded["replica"].values) == [7, 8]
    both = xr.concat([run["theta"], other["theta"]], "replica")
    exact, found = (
        distances_between_runs(PARTICLES, cloud, nodes, np.random.default_rng(3)) for cloud in (both, recorded)
    )
    assert list(found["comparison"]) == list(exact["comparison"])
    nulls = found["comparison"].str.contains("split")
    np.testing.assert_allclose(found["value"][~nulls], exact["value"][~nulls], rtol=0.02)
    np.testing.assert_allclose(found["value"][nulls], exact["value"][nulls], rtol=0.25)


def test_of_a_network_that_kept_some_particles_so_many_are_compared(run: xr.Dataset, nodes: xr.DataArray) -> None:
    """Two networks of one law, of whose many neurons few were kept, differ by what samples of these sizes do."""
    few = run.isel(particle=slice(0, 400)).assign_attrs(width=100 * PARTICLES)
    other = run.isel(particle=slice(400, 800)).assign_coords(replica=[8]).assign_attrs(few.attrs)
    summaries = [
        summarise(each, nodes, np.eye(2), np.random.default_rng(0)).assign_attrs(recorded="then")
        for each in (few, other)
    ]
    recorded = clouds(summaries)[100 * PARTICLES]
    assert recorded.sizes["particle"] == 400
    found = distances_between_runs(100 * PARTICLES, recorded, nodes, np.random.default_rng(3))
    assert set(found["width"]) == {100 * PARTICLES}
    found = found.groupby("comparison")["value"].mean()
    assert 0.4 < found["runs"] / found["split"] < 2


def test_accuracies_say_when_they_were_recorded(run: xr.Dataset, nodes: xr.DataArray) -> None:
    summary = summarise(run, nodes, np.eye(2), np.random.default_rng(0)).assign_attrs(recorded="then")
    found = accuracies([summary])
    assert list(found["accuracy"]) == [0.5, 1.0, 1.0] and set(found["recorded"]) == {"then"}
    assert set(found["width"]) == {PARTICLES} and set(found["replica"]) == {7}


def test_another_file_is_no_summary(run: xr.Dataset, tmp_path) -> None:
    write_dataset(run, tmp_path / "run.nc")
    with pytest.raises(UnreadableError, match="not a summary"):
        read_recorded([tmp_path / "run.nc"])


def test_summaries_of_a_width_are_of_as_many_particles(run: xr.Dataset, nodes: xr.DataArray, tmp_path) -> None:
    for name, part in (("a", run), ("b", run.isel(particle=slice(0, 400)))):
        summary = summarise(part, nodes, np.eye(2), np.random.default_rng(0)).assign_attrs(recorded="then")
        write_dataset(summary, tmp_path / f"{name}.nc")
    with pytest.raises(UnreadableError, match="b.nc: a summary of 400 particles, and 5000 in another of N = 5000"):
        read_recorded([tmp_path / "a.nc", tmp_path / "b.nc"])
