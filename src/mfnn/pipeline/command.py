"""How the scripts meet the user: a typed function is a command, and a mistake is one line, never a traceback.

Options have their names and types from a function's signature and their help from its docstring, or from a type
below where many scripts share them. A list takes all values up to the next option, at least one of them;
`batch{0..9}.nc` in a list of files stands for ten.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any, TypeVar, get_args, get_origin

from cyclopts import App, CycloptsError, Parameter, Token, convert
from cyclopts.exceptions import RepeatArgumentError, UnknownOptionError

from mfnn.errors import MfnnError, told
from mfnn.pipeline.options import expanded
from mfnn.pipeline.streams import encode_streams


def _converted(kind: type, tokens: Sequence[Token]) -> Any:
    """What tokens mean: ranges of files expanded, whole numbers in digits alone, where the library takes 1.5 for 2."""
    if Path in get_args(kind):
        return (get_origin(kind) or list)(expanded(token.value for token in tokens))
    return convert(kind, tokens, converter=lambda each, text: int(text) if each is int else convert(each, [text]))


def _parsed(_: object, tokens: Sequence[Token]) -> dict[str, Any]:
    text = tokens[0].value
    try:
        value = json.loads(text)
    except ValueError as reason:
        raise ValueError(f"{text!r:.60} is not JSON ({reason})") from None
    if not isinstance(value, dict):
        raise ValueError(f"{text!r:.60} is not a JSON object")
    return value


Main = TypeVar("Main", bound=Callable[..., None])
Value = TypeVar("Value")
AnyNumber = Annotated[tuple[Value, ...], Parameter(consume_multiple=True)]  # none as well
Json = Annotated[dict[str, Any], Parameter(converter=_parsed, n_tokens=1, accepts_keys=False, metavar="JSON")]

Scenario = Annotated[str, Parameter(help="the scenario's name")]
Scenarios = Annotated[list[str], Parameter(help="their names, in the order of their files")]
Data = Annotated[Path, Parameter(help="the scenario's data law, NetCDF")]
Particles = Annotated[list[Path], Parameter(help="training jobs, NetCDF")]
Limit = Annotated[Path, Parameter(help="the limit's observables over time with their errors, NetCDF")]
Law = Annotated[Path, Parameter(help="samples of the limit law, NetCDF")]
Predicted = Annotated[Path, Parameter(help="the predicted fluctuations, NetCDF")]
Times = Annotated[list[float], Parameter(help="in units of N steps")]
Observables = Annotated[list[str], Parameter(help="test functions, such as c*w0")]
Tolerance = Annotated[float, Parameter(help="the error that the limit is solved to")]
Width = Annotated[int, Parameter(help="the number of neurons")]
Widths = Annotated[list[int], Parameter(help="numbers of neurons")]
Points = Annotated[int, Parameter(help="held-out points, the first ones")]
Resamples = Annotated[int, Parameter(help="of the bootstrap over replicas")]
Seed = Annotated[int, Parameter(help="the run's root seed")]
Asked = Annotated[list[str], Parameter(help="what the run asks for: studies, and study/scenario")]
Configuration = Annotated[Path, Parameter(help="a run's configuration, YAML or JSON")]
Study = Annotated[str, Parameter(help="a study of cases")]
CaseName = Annotated[str, Parameter(help="one of its cases")]
ScenarioFiles = Annotated[Path, Parameter(help="the folder of scenarios")]
Frames = Annotated[Path, Parameter(help="networks and the limit through time, NetCDF")]
Finished = Annotated[Path, Parameter(help="the configuration of a finished run")]
Record = Annotated[Path, Parameter(help="a training job that kept its particles, NetCDF")]
Summaries = Annotated[list[Path], Parameter(help="JSON objects, key to number")]
Epoch = Annotated[int, Parameter(help="a date in seconds since 1970")]
Results = Annotated[Path, Parameter(help="the folder of a run's results")]

Table = Annotated[Path, Parameter(help="a table, CSV")]
Tables = Annotated[list[Path], Parameter(help="one table a scenario, CSV")]
Tabular = Annotated[Path, Parameter(help="the tabular, TeX")]
Digits = Annotated[Path, Parameter(help="its content with all digits, CSV")]
Summary = Annotated[Path, Parameter(help="numbers for the claims and the paper, JSON")]
Figure = Annotated[list[Path], Parameter(help="the figure, its format by the suffix")]
Output = Annotated[Path, Parameter(help="the file that is written")]


def command(main: Main) -> Main:
    """A script's one function, called with what the command line says where the script is what Python runs.

    Its arguments are keywords. An error that the user can mend is one line and status 1, a mistake in the command
    line one line and status 2. The interpreter is not wound up after an error: HDF5 crashes in trying once more to
    write to a disk that is full.
    """
    if main.__module__ == "__main__":
        encode_streams()
        try:
            function, arguments, _ = parser(main).parse_args(exit_on_error=False, print_error=False)
            function(*arguments.args, **arguments.kwargs)
        except CycloptsError as error:
            _end(_mistake(error), 2)
        except (MfnnError, OSError) as error:
            _end(told(error), 1)
        except KeyboardInterrupt:
            _end("interrupted", 130)
    return main


def parser(main: Callable[..., None]) -> App:
    """What parses a function's command line and shows its help."""
    options = Parameter(consume_multiple=(1, None), negative=(), converter=_converted, json_list=False)
    app = App(default_parameter=options, help_format="plaintext", help_formatter="plain", version_flags=[])
    app.default(main)
    return app


def _mistake(error: CycloptsError) -> str:
    """What is wrong with a command line, the option first."""
    error.verbose = False
    text = str(error)
    if isinstance(error, UnknownOptionError | RepeatArgumentError):
        name = error.token.keyword or error.token.value
    elif error.argument:
        name = error.argument.name
    else:
        return text
    for again in (f"Invalid value for {name}: ", f"Parameter {name} ", f" for {name}", f": {name}"):
        text = text.replace(again, "", 1)
    return f"{name}: {text}"


def _end(complaint: str, status: int) -> None:
    sys.stdout.flush()
    print(f"error: {' '.join(complaint.split())}", file=sys.stderr, flush=True)
    os._exit(status)
