# What the rules share: a job's command, places of training records, the chapters of the report, what studies made.
RESAMPLED = {"resamples": PLAN.run.resamples, "root_seed": PLAN.run.root_seed}
CHAPTERS = report_chapters(Path(HOME / "paper/main.tex"), PLAN.studies)


def command(script, more="", prefix=""):
    """A job's command: a script of the workflow by the interpreter that runs Snakemake, apart from the user's variables.

    Its options are what the rule names: inputs, outputs and parameters. Training has more to say of threads.
    """
    called = f"{shlex.quote(sys.executable)} -I -X utf8 {shlex.quote(HOME / 'scripts')}/{script}.py"
    return " ".join(filter(None, [prefix, called, "{params.options}", more, "&> {log}"]))


def records(scenario, jobs):
    """The records of training jobs, (width, batch), of a scenario."""
    return [f"{RESULTS}/particles/{scenario}/N{width}/batch{batch}.nc" for width, batch in jobs]


def every_record(wildcards):
    """The records of all training jobs of the wildcards' scenario."""
    return records(wildcards.scenario, PLAN.experiments[wildcards.scenario].batches())


def cloud_records(wildcards):
    """The records of the wildcards' scenario that hold all particles."""
    return records(wildcards.scenario, PLAN.experiments[wildcards.scenario].cloud_batches())


def first_records(scenario):
    """The first training job of each of four widths, which keeps all its particles."""
    return records(scenario, [(width, 0) for width in PLAN.experiments[scenario].four_widths])


def shown(chapter, name):
    """A figure's PNG, which the report shows in a chapter with the caption of the same name."""
    return report(f"{FIGURES}/{name}.png", caption=f"../report/{name}.rst", **CHAPTERS[chapter].entry(name))


def table(chapter, name):
    """The outputs of a table: for the paper, and its content as CSV, which the report shows in a chapter."""
    CHAPTERS[chapter].tables.append(name)
    return {"table": f"{PAPER}/generated/table_{name}.tex", "csv": f"{RESULTS}/tables/{name}.csv"}


def made(kind):
    """What the studies list as inputs of this kind, in their order: figures, tables, summaries, pages."""
    listed = (getattr(rules, study).input.get(kind, []) for study in PLAN.studies)
    return [path for paths in listed for path in ([paths] if isinstance(paths, str) else paths)]
