"""The Slurm profile's list of what is one job together: rules that exist, all that take seconds among them."""

import re
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
RULES = "\n".join(path.read_text() for path in sorted(ROOT.glob("workflow/rules/*.smk")))
BODIES = dict(re.findall(r"^rule (\w+):\n((?:[ \t].*\n|\n)*)", RULES, re.MULTILINE))
LOCAL = re.search(r"^localrules:\n((?: .*\n)*)", (ROOT / "Snakefile").read_text(), re.MULTILINE)[1]
AFTER_THE_PAPER = {
    "pack_arxiv"
}  # which is built where Snakemake runs: no group may have a part on either side of that
TIMED = {
    "measure_controls",
    "measure_logits",
    "measure_sources",
    "verify_claims",
}  # their rules ask for minutes, of which they take seconds


def test_what_takes_seconds_is_one_job():
    groups = yaml.safe_load((ROOT / "profiles/slurm/config.yaml").read_text())["groups"]
    together = [name for name, _, group in (entry.partition("=") for entry in groups) if group == "report"]
    assert len(together) == len(set(together)) == len(groups)
    short = {name for name, body in BODIES.items() if "command(" in body and "runtime=" not in body}
    assert set(together) - TIMED == short - set(re.findall(r"\w+", LOCAL)) - AFTER_THE_PAPER
    assert TIMED <= BODIES.keys()
