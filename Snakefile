# From a configuration to the paper: data -> (particles | limit) -> measurements -> claims -> figures, tables -> paper.
import os
import shlex
import sys
import time
from pathlib import Path

from snakemake.logging import logger
from snakemake.utils import min_version

min_version("9.19")
sys.path.insert(0, "src")
os.environ["MFNN_COMMAND"] = shlex.join(sys.argv)  # for the record of provenance
os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, ["src", os.environ.get("PYTHONPATH")]))

from mfnn.verdicts.claims import read_claims
from mfnn.errors import MfnnError, SpecError
from mfnn.pipeline.git import git
from mfnn.pipeline.hold import hold, sweep
from mfnn.pipeline.links import web_address
from mfnn.pipeline.plan import read_plan
from mfnn.pipeline.screens import done, stopped
from mfnn.pipeline.terminal import follow
from mfnn.pipeline.workflow import code_of, growing, last_commit_time, refuse

if "scenarios" not in config:

    configfile: "config/paper.yaml"


try:
    PLAN = read_plan(config, Path("config/scenarios"))
    read_claims(Path("config/claims.yaml"))  # judged at the end, refused now
except MfnnError as error:
    refuse(error)
RESULTS, FIGURES, PAPER = PLAN.run.results, PLAN.run.figures, PLAN.run.paper
STARTED = time.monotonic()
TERMINAL = follow(logger, workflow.output_settings) if workflow.is_main_process else None
OUTCOMES = {  # as the closing screen lists them, where they were made
    "paper": Path(f"{PAPER}/main.pdf"),
    "explorer": Path(f"{FIGURES}/explore.html"),
    "tour": Path(f"{RESULTS}/tour.html"),
    "verdicts": Path(f"{RESULTS}/verdicts.csv"),
}


report: "workflow/report/front.rst"


wildcard_constraints:
    scenario="|".join(PLAN.scenarios),
    width=r"\d+",
    batch=r"\d+",


# On a cluster these run where Snakemake does: they need the network, git or LaTeX, which compute nodes seldom have.
localrules:
    fetch_mnist,
    record_provenance,
    link_figures,
    build_paper,


include: "workflow/rules/report.smk"
include: "workflow/rules/data.smk"
include: "workflow/rules/particles.smk"
include: "workflow/rules/limit.smk"
include: "workflow/rules/convergence.smk"
include: "workflow/rules/chaos.smk"
include: "workflow/rules/groups.smk"
include: "workflow/rules/finite_volume.smk"
include: "workflow/rules/proof.smk"
include: "workflow/rules/controls.smk"
include: "workflow/rules/crossing.smk"
include: "workflow/rules/claims.smk"
include: "workflow/rules/figures.smk"
include: "workflow/rules/explore.smk"
include: "workflow/rules/tables.smk"
include: "workflow/rules/paper.smk"
include: "workflow/rules/publish.smk"


rule all:
    default_target: True
    message:
        "All that was asked for is there"
    input:
        rules.figures.input,
        rules.tables.input,
        rules.verify.input,
        [] if PLAN.missing_from_paper else rules.paper.input,
        rules.pages.input,


onstart:
    try:
        hold(Path(RESULTS))
        for folder in (RESULTS, FIGURES, PAPER):
            sweep(Path(folder))
    except (MfnnError, OSError) as error:
        refuse(error)
    if TERMINAL:
        TERMINAL.begin(workflow.dag, PLAN, workflow.cores or workflow.nodes)


onsuccess:
    if TERMINAL:
        TERMINAL.end()
    print(done(Path(f"{RESULTS}/verdicts.txt"), OUTCOMES, time.monotonic() - STARTED))
    if PLAN.missing_from_paper:
        print(f"No paper is built from this run: it shows {', '.join(PLAN.missing_from_paper)} as well")


onerror:
    if TERMINAL:
        TERMINAL.end()
    print(stopped(Path(log[0])), file=sys.stderr)
