"""The Slurm profile's list of what is one job together: all figures and tables, and rules that are there."""

import re
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
RULES = {
    name for path in ROOT.glob("workflow/rules/*.smk") for name in re.findall(r"^rule (\w+):", path.read_text(), re.M)
}
OTHERS = {"measure_controls", "measure_logits", "measure_sources", "verify_claims", "write_numbers", "show_tables"}


def test_what_takes_seconds_is_one_job():
    groups = yaml.safe_load((ROOT / "profiles/slurm/config.yaml").read_text())["groups"]
    together = [name for name, _, group in (entry.partition("=") for entry in groups) if group == "report"]
    assert len(together) == len(set(together)) == len(groups)
    assert set(together) == {name for name in RULES if name.startswith(("plot_", "tabulate_"))} | OTHERS
    assert OTHERS <= RULES
