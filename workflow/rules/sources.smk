SOURCES = PLAN.studies["sources"]
TOTALLED = [name for name in SOURCES.names if name in PLAN.trained]  # those trained many times, start and samples new


def crossing(wildcards):
    """How starts are crossed with samples in the wildcards' scenario."""
    return SOURCES.scenarios[wildcards.scenario]


def crossed_networks(wildcards):
    """The crossed networks of the wildcards' scenario, one file a width."""
    return [f"{RESULTS}/crossing/{wildcards.scenario}/N{width}.nc" for width in crossing(wildcards).widths]


rule train_crossed:
    message:
        "Train every start on every sequence of samples of {wildcards.scenario} at width {wildcards.width}"
    input:
        data=f"{RESULTS}/data/{{scenario}}.nc",
    output:
        f"{RESULTS}/crossing/{{scenario}}/N{{width}}.nc",
    priority: 20
    params:
        width="{width}",
        starts=lambda wildcards: crossing(wildcards).widths[int(wildcards.width)],
        points=lambda wildcards: crossing(wildcards).points,
        root_seed=PLAN.run.root_seed,
    shell:
        command("train_crossed")


rule predict_sources:
    message:
        "Predict what start and samples contribute to the fluctuations of {wildcards.scenario}"
    input:
        data=f"{RESULTS}/data/{{scenario}}.nc",
    output:
        f"{RESULTS}/crossing/{{scenario}}/predicted.json",
    priority: 20
    params:
        points=lambda wildcards: crossing(wildcards).points,
        tolerance=lambda wildcards: crossing(wildcards).tolerance,
    shell:
        command("predict_sources")


rule measure_sources:
    message:
        "Split the fluctuations of {wildcards.scenario} by their source"
    input:
        crossed=crossed_networks,
        predicted=lambda wildcards: (
            f"{RESULTS}/crossing/{wildcards.scenario}/predicted.json" if crossing(wildcards).tolerance else []
        ),
    output:
        table=f"{RESULTS}/crossing/{{scenario}}/sources.csv",
        summary=f"{RESULTS}/summary/sources_{{scenario}}.json",
    params:
        scenario="{scenario}",
    shell:
        command("measure_sources")


rule measure_logits:
    message:
        "Measure the variance of the outputs of {wildcards.scenario} at held-out points"
    input:
        particles=every_record,
    output:
        table=f"{RESULTS}/crossing/{{scenario}}/totals.csv",
        summary=f"{RESULTS}/summary/logits_{{scenario}}.json",
    params:
        scenario="{scenario}",
        points=lambda wildcards: crossing(wildcards).points,
    shell:
        command("measure_logits")


rule plot_sources:
    message:
        "Draw where the fluctuations of the outputs come from"
    input:
        crossed=expand(f"{RESULTS}/crossing/{{scenario}}/sources.csv", scenario=SOURCES.names),
        totals=expand(f"{RESULTS}/crossing/{{scenario}}/totals.csv", scenario=TOTALLED),
        predicted=expand(f"{RESULTS}/crossing/{{scenario}}/predicted.json", scenario=SOURCES.predicted),
    output:
        f"{FIGURES}/sources.pdf",
        shown("sources", "sources"),
    params:
        scenarios=SOURCES.names,
        totalled=TOTALLED,
        foreseen=SOURCES.predicted,
    shell:
        command("plot_sources")


rule sources:
    input:
        figures=rules.plot_sources.output,
        summaries=[
            *expand(f"{RESULTS}/summary/sources_{{scenario}}.json", scenario=SOURCES.names),
            *expand(f"{RESULTS}/summary/logits_{{scenario}}.json", scenario=TOTALLED),
        ],
