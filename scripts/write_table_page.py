from pathlib import Path
from typing import Any

from mfnn.pipeline.command import Output, Predicted, command
from mfnn.show.style import save
from mfnn.storage import read_dataset, read_json, read_table, write_table, write_text
from mfnn.studies.own_table.answer import answer
from mfnn.studies.own_table.figures import losses, spread
from mfnn.studies.own_table.page import page
from mfnn.studies.own_table.rows import scale_of


@command
def main(
    *,
    table: Path,
    held_out: Path,
    target: str,
    about: list[Path],
    predicted: Predicted,
    networks: list[Path],
    error: float,
    template: Path,
    output: Output,
) -> None:
    """Write the page on a table: what the limit predicts, how much trainings differ, how wide a network must be.

    :param table: the training rows, CSV
    :param held_out: rows that nothing is trained on, CSV
    :param target: the column that is learned
    :param about: what was done to the table and what was assumed, JSON
    :param networks: outputs of trained networks, NetCDF
    :param error: what outputs are to be within of the limit's, in standard deviations of the target
    :param template: the page without its content
    """
    training, rest, foreseen = read_table(table), read_table(held_out), read_dataset(predicted)
    scale = scale_of(training, target)
    trained = {int(each.attrs["width"]): each for each in map(read_dataset, networks)}
    found = answer(foreseen, dict(sorted(trained.items())), scale, training, rest, error)
    said: dict[str, Any] = read_json(about[0])
    pictures = {"losses": losses(found.losses), "variances": spread(found.spread)}
    for name, figure in pictures.items():
        save(figure, [output.with_name(f"{name}.png")])
    for name, content in (("losses", found.losses), ("variances", found.spread), ("rows", found.rows)):
        write_table(content, output.with_name(f"{name}.csv"))
    settings = said["settings"] | {
        "tolerance of the limit": f"{foreseen.attrs['tolerance']:.2g}",
        "solved on": foreseen.attrs["resolution"],
        "error of the predicted spread": f"{float(foreseen['part_error'].sum() / foreseen['part'].sum()):.0%}",
    }
    shown = {name: output.with_name(f"{name}.png").read_bytes() for name in pictures}
    write_text(
        page(template.read_text(encoding="utf-8"), said["name"], found, scale, said["notes"], settings, shown), output
    )
