CONVERGENCE = PLAN.studies["convergence"]
PATHS = CONVERGENCE.paths


def path_records(wildcards):
    """The training jobs of each of four widths that have the replicas whose paths are drawn."""
    jobs = [
        (width, batch)
        for width in PLAN.experiments[PATHS.scenario].four_widths
        for batch in PLAN.width(PATHS.scenario, width).batches
        if PLAN.width(PATHS.scenario, width).members(batch)[0] < PATHS.replicas
    ]
    return records(PATHS.scenario, jobs)


rule measure_errors:
    message:
        "Hold the replicas of {wildcards.scenario} against the limit"
    input:
        data=f"{RESULTS}/data/{{scenario}}.nc",
        limit=f"{RESULTS}/limit/{{scenario}}.nc",
        particles=lambda wildcards: records(
            wildcards.scenario, experiment(wildcards).batches(experiment(wildcards).trained.rates_from)
        ),
    output:
        errors=f"{RESULTS}/convergence/{{scenario}}/errors.csv",
        sup=f"{RESULTS}/convergence/{{scenario}}/sup.csv",
        fits=f"{RESULTS}/convergence/{{scenario}}/fits.csv",
        summary=f"{RESULTS}/summary/errors_{{scenario}}.json",
    params:
        **RESAMPLED,
    shell:
        command("measure_errors")


rule plot_rates:
    message:
        "Draw the errors against the width with their fitted rates"
    input:
        errors=expand(f"{RESULTS}/convergence/{{scenario}}/errors.csv", scenario=CONVERGENCE.names),
        sup=expand(f"{RESULTS}/convergence/{{scenario}}/sup.csv", scenario=CONVERGENCE.names),
        fits=expand(f"{RESULTS}/convergence/{{scenario}}/fits.csv", scenario=CONVERGENCE.names),
    output:
        f"{FIGURES}/rates.pdf",
        shown("convergence", "rates"),
    params:
        scenarios=CONVERGENCE.names,
    shell:
        command("plot_rates")


rule plot_risk:
    message:
        "Draw the population risk over time by width and in the limit"
    input:
        errors=expand(f"{RESULTS}/convergence/{{scenario}}/errors.csv", scenario=CONVERGENCE.names),
    output:
        f"{FIGURES}/risk.pdf",
        shown("convergence", "risk"),
    params:
        scenarios=CONVERGENCE.names,
    shell:
        command("plot_risk")


rule plot_paths:
    message:
        "Draw the paths of replicas closing in on the limit path"
    input:
        limit=lambda wildcards: f"{RESULTS}/limit/{PATHS.scenario}.nc",
        particles=path_records,
    output:
        f"{FIGURES}/paths.pdf",
        shown("convergence", "paths"),
    params:
        observable=lambda wildcards: PATHS.observable,
        replicas=lambda wildcards: PATHS.replicas,
    shell:
        command("plot_paths")


rule tabulate_slopes:
    message:
        "Tabulate the slopes of the errors"
    input:
        fits=expand(f"{RESULTS}/convergence/{{scenario}}/fits.csv", scenario=CONVERGENCE.names),
    output:
        **table("convergence", "slopes"),
    params:
        scenarios=CONVERGENCE.names,
    shell:
        command("tabulate_slopes")


rule convergence:
    input:
        figures=[
            rules.plot_rates.output,
            rules.plot_risk.output,
            rules.plot_paths.output if PATHS else [],
        ],
        tables=rules.tabulate_slopes.output,
        summaries=expand(f"{RESULTS}/summary/errors_{{scenario}}.json", scenario=CONVERGENCE.names),
