"""Scenarios: a learning problem as it stands in config/scenarios, and as the DAG's data file carries it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field, NonNegativeFloat, PositiveFloat, model_validator

from mfnn.errors import MfnnError
from mfnn.learning.data import FiniteData, RegressionData
from mfnn.learning.laws import InitialLaw
from mfnn.learning.problem import Decay, Problem, at_rest
from mfnn.learning.table import TableData
from mfnn.spec import Count, Floats, Spec
from mfnn.storage import read_yaml

if TYPE_CHECKING:
    import xarray as xr

CLASSES, PIXELS, HELD_OUT = 10, 28 * 28, 10_000  # of a set of images
GROUP_ORDER = 4  # neurons of the largest group whose product is measured
EVALUATION_NODES = {1: 24, 2: 8}  # Gauss nodes an input coordinate on which networks are compared with the target


class ReducedImages(Spec):
    """The first `images` of a set on their leading principal `components`, labelled by the parity of their digit."""

    images: Count
    components: Count


class ImageData(Spec):
    """The empirical law of a set of labelled images, pixels in [0, 1], labels one-hot, with a constant feature.

    `reduced` makes a small problem of them instead. The images are MNIST's, which `mfnn.learning.idx` obtains, or those of
    `files` beside the scenario's own: four in MNIST's format, as Fashion-MNIST has them, training images and labels, then
    the held-out ones.
    """

    law: Literal["images"] = "images"
    reduced: ReducedImages | None = None
    files: tuple[str, str, str, str] | None = Field(default=None, exclude_if=lambda files: files is None)
    folder: str = Field(default=".", exclude=True)  # of the scenario's file: no part of what it says

    @property
    def paths(self) -> list[Path]:
        """The named files, none where the images are MNIST's."""
        return [Path(self.folder, name) for name in self.files or ()]

    @property
    def parameters(self) -> int:
        """m + d: outputs, then pixels or components and the constant feature."""
        return 1 + self.reduced.components + 1 if self.reduced else CLASSES + PIXELS + 1

    @property
    def outputs(self) -> int:
        """Numbers of a network's output on the held-out images."""
        return self.reduced.images if self.reduced else HELD_OUT * CLASSES


class Scenario(Spec):
    """A problem with what is observed in it; `title` is what tables call it.

    `pairs` are the observables f, g whose covariance between two neurons, f(θ^1) and g(θ^2), is measured, `group` the
    one of which products over up to four neurons are.
    """

    title: str
    activation: str
    learning_rate: PositiveFloat
    horizon: PositiveFloat
    data: Annotated[FiniteData | RegressionData | ImageData | TableData, Field(discriminator="law")]
    initial: InitialLaw
    decay: Decay = Field(default=Decay(), exclude_if=at_rest)
    temperature: NonNegativeFloat = Field(default=0.0, exclude_if=at_rest)
    connectivity: Count | None = Field(default=None, exclude_if=at_rest)
    hidden_layers: Literal[1, 2] = Field(default=1, exclude_if=lambda layers: layers == 1)
    observables: list[str] = Field(min_length=1)
    pairs: list[tuple[str, str]] = Field(default_factory=list)
    group: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _rows_of_a_file(cls, content: Any) -> Any:
        """A finite law may be a file: `{law: finite, file: table.csv, target: y}`."""
        data = content.get("data") if isinstance(content, dict) else None
        if isinstance(data, dict) and data.get("law") == "finite" and "file" in data:
            return {**content, "data": {**data, "law": "table"}}
        return content

    @property
    def recorded(self) -> list[str]:
        """What training records: the observables, then the products that the pairs and the groups need."""
        products = [product(f, g) for f, g in self.pairs]
        products += powers(self.group)[1:] if self.group else []
        return [*self.observables, *dict.fromkeys(products)]

    def problem(self, name: str, data: dict[str, Any] | None = None) -> Problem:
        """The problem learned here; `data` stands in where the data law is only named in the file."""
        fields = self.model_dump(
            include={"activation", "learning_rate", "horizon", "initial", "hidden_layers"}
            | {"decay", "temperature", "connectivity"}
        )
        if isinstance(self.data, TableData):
            data = self.data.finite()
        return Problem.model_validate({"name": name, **fields, "data": data or self.data.model_dump()})


def load_scenario(path: Path) -> Scenario:
    """The scenario of a file; a table or images that it names lie beside it. Raises `UnreadableError` or `SpecError`."""
    content = read_yaml(path)
    data = content.get("data") if isinstance(content, dict) else None
    if isinstance(data, dict) and data.keys() & {"file", "files"}:
        content = {**content, "data": {**data, "folder": str(path.parent)}}
    return Scenario.model_validate(content)


def product(*factors: str) -> str:
    """The name of the observable f·g·… of monomials."""
    return "*".join(factors)


def powers(f: str) -> list[str]:
    """The names of f, f², … up to the power that groups need."""
    return [product(*[f] * r) for r in range(1, GROUP_ORDER + 1)]


def pack(problem: Problem, evaluation: tuple[Floats, Floats, Floats]) -> xr.Dataset:
    """A problem and its evaluation set (features, labels, weights) as the Dataset the rest of the DAG reads."""
    import xarray as xr

    spec = problem.model_dump(mode="json", exclude={"data": {"x", "y", "weights"}})
    x, y, weights = evaluation
    packed = xr.Dataset(
        {
            "evaluation_x": (("point", "feature"), x),
            "evaluation_y": (("point", "output"), y),
            "evaluation_weight": ("point", weights),
        },
        attrs={"problem": json.dumps(spec, sort_keys=True)},
    )
    if isinstance(problem.data, FiniteData):
        packed["x"] = (("sample", "feature"), problem.data.x)
        packed["y"] = (("sample", "output"), problem.data.y)
        if problem.data.weights is not None:
            packed["weights"] = ("sample", problem.data.weights)
    return packed


def unpack(packed: xr.Dataset) -> Problem:
    """The problem of a packed Dataset; raises `MfnnError` where there is none."""
    if "problem" not in packed.attrs:
        raise MfnnError("not a scenario's data law: the file has no attribute problem")
    spec = json.loads(packed.attrs["problem"])
    for name in ("x", "y", "weights"):
        if name in packed:
            spec["data"][name] = packed[name].values
    return Problem.model_validate(spec)


def evaluation_set(problem: Problem) -> tuple[Floats, Floats, Floats]:
    """Features, noiseless labels and weights on which outputs are compared: a fixed quadrature of the data law."""
    inputs = problem.data.directions
    return problem.data.quadrature((EVALUATION_NODES.get(inputs, 6),) * inputs)
