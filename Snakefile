# From a configuration to the paper: data -> (particles | limit) -> studies -> claims -> tables -> paper.
import json
import os
import shlex
import sys
import time
from pathlib import Path

from snakemake.logging import logger
from snakemake.utils import min_version

min_version("9.19")
os.environ["MFNN_COMMAND"] = shlex.join(sys.argv)  # for the record of provenance

try:
    from mfnn.errors import MfnnError
except ModuleNotFoundError:
    sys.exit(
        "error: the package is not installed here; in the project's folder: python -m pip install --no-deps -e ."
    )

from mfnn.pipeline.chapters import report_chapters
from mfnn.pipeline.environment import check_environment
from mfnn.pipeline.hold import hold, sweep
from mfnn.pipeline.plan import read_plan
from mfnn.pipeline.screens import done, stopped
from mfnn.pipeline.terminal import follow
from mfnn.pipeline.typical import typical_costs
from mfnn.pipeline.workflow import Home, complete, digest, growing, one_of, refuse
from mfnn.storage import write_text
from mfnn.studies.study import CasesPlan
from mfnn.verdicts.claims import read_claims
from mfnn.verdicts.families import asked_json

HOME = Home(workflow.current_basedir)  # the workflow's own files, wherever it runs

if "run" not in config:

    configfile: HOME / "config/paper.yaml"


try:
    check_environment(HOME.folder)
    SCENARIOS = config.get("scenario_files") or HOME / "config/scenarios"
    PLAN = read_plan(config, Path(SCENARIOS))
    read_claims(Path(HOME / "config/claims"), PLAN.claimed)  # judged at the end, refused now
except MfnnError as error:
    refuse(error)
RESULTS, FIGURES, PAPER = PLAN.run.results, PLAN.run.figures, PLAN.run.paper
TYPICAL = typical_costs(PLAN, Path(HOME / "config/costs.yaml"))
CONFIGURATION = f"{RESULTS}/configuration.json"  # this run's, for scripts that lay it out themselves
STARTED = time.monotonic()
TERMINAL = follow(logger, workflow.output_settings) if workflow.is_main_process else None
if workflow.is_main_process and HOME.repository.doubt:
    logger.warning(HOME.repository.doubt)
IS_MODULE = HOME.is_module_of(workflow.basedir)  # of a workflow whose own report has these figures and tables
if workflow.is_main_process and not workflow.output_settings.dryrun and IS_MODULE:
    write_text(json.dumps(config), Path(CONFIGURATION))  # of what starts a workflow a module gets nothing
OUTCOMES = {  # as the closing screen lists them, where they were made
    "paper": Path(f"{PAPER}/main.pdf"),
    "report": Path(f"{RESULTS}/report.html"),
    "explorer": Path(f"{FIGURES}/explore.html"),
    "tour": Path(f"{RESULTS}/tour.html"),
    "verdicts": Path(f"{RESULTS}/verdicts.csv"),
}


if not IS_MODULE:

    report: "workflow/report/front.rst"


wildcard_constraints:
    scenario="|".join(PLAN.experiments),
    width=r"\d+",
    batch=r"\d+",


# On a cluster these run where Snakemake does: they need the network, git or LaTeX, which compute nodes seldom have.
localrules:
    fetch_images,
    record_provenance,
    link_figures,
    build_paper,
    write_report,


include: "workflow/rules/common.smk"
include: "workflow/rules/data.smk"
include: "workflow/rules/particles.smk"
include: "workflow/rules/limit.smk"
include: "workflow/rules/ensembles.smk"


for study in PLAN.studies:

    include: f"workflow/rules/{study}.smk"


include: "workflow/rules/claims.smk"
include: "workflow/rules/tables.smk"
include: "workflow/rules/paper.smk"
include: "workflow/rules/report.smk"
include: "workflow/rules/publish.smk"


rule all:
    default_target: True
    message:
        "All that was asked for is there"
    input:
        rules.results.input,
        rules.paper.input,


complete(workflow, HOME, RESULTS, TYPICAL)


onstart:
    try:
        hold(Path(RESULTS))
        for folder in (RESULTS, FIGURES, PAPER):
            sweep(Path(folder))
        write_text(json.dumps(config), Path(CONFIGURATION))
    except (MfnnError, OSError) as error:
        refuse(error)
    if TERMINAL:
        TERMINAL.begin(workflow.dag, TYPICAL, RESULTS, workflow.cores or workflow.nodes)


onsuccess:
    if TERMINAL:
        TERMINAL.end()
    print(done(Path(f"{RESULTS}/verdicts.txt"), OUTCOMES, time.monotonic() - STARTED))


onerror:
    if TERMINAL:
        TERMINAL.end()
    print(stopped(Path(log[0])), file=sys.stderr)
