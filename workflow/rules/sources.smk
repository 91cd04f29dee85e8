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
    resources:
        mem_mb=growing(lambda wildcards: 1000 + int(wildcards.width) // 20),
        runtime=growing(lambda wildcards: 10 + int(wildcards.width) // 50),
    params:
        members=lambda wildcards: crossing(wildcards).widths[int(wildcards.width)],
        points=lambda wildcards: crossing(wildcards).points,
        seed=PLAN.run.root_seed,
    shell:
        command(
            "train_crossed.py --data {input.data} --width {wildcards.width} --count {params.members}"
            " --points {params.points} --root-seed {params.seed} --output {output}"
        )


rule predict_sources:
    message:
        "Predict what start and samples contribute to the fluctuations of {wildcards.scenario}"
    input:
        data=f"{RESULTS}/data/{{scenario}}.nc",
    output:
        f"{RESULTS}/crossing/{{scenario}}/predicted.json",
    priority: 20
    resources:
        mem_mb=growing(2000),
        runtime=growing(60),
    params:
        points=lambda wildcards: crossing(wildcards).points,
        tolerance=lambda wildcards: crossing(wildcards).tolerance,
    shell:
        command(
            "predict_sources.py --data {input.data} --points {params.points} --tolerance {params.tolerance}"
            " --output {output}"
        )


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
    resources:
        mem_mb=growing(1000),
        runtime=growing(5),
    shell:
        command(
            "measure_sources.py --scenario {wildcards.scenario} --crossed {input.crossed}"
            " --predicted {input.predicted} --table {output.table} --summary {output.summary}"
        )


rule measure_logits:
    message:
        "Measure the variance of the outputs of {wildcards.scenario} at held-out points"
    input:
        every_record,
    output:
        table=f"{RESULTS}/crossing/{{scenario}}/totals.csv",
        summary=f"{RESULTS}/summary/logits_{{scenario}}.json",
    resources:
        mem_mb=growing(2000),
        runtime=growing(5),
    params:
        points=lambda wildcards: crossing(wildcards).points,
    shell:
        command(
            "measure_logits.py --scenario {wildcards.scenario} --particles {input} --points {params.points}"
            " --table {output.table} --summary {output.summary}"
        )


rule plot_sources:
    message:
        "Draw where the fluctuations of the outputs come from"
    input:
        crossed=expand(f"{RESULTS}/crossing/{{scenario}}/sources.csv", scenario=SOURCES.names),
        totals=expand(f"{RESULTS}/crossing/{{scenario}}/totals.csv", scenario=TOTALLED),
        predicted=expand(f"{RESULTS}/crossing/{{scenario}}/predicted.json", scenario=SOURCES.predicted),
    output:
        pdf=f"{FIGURES}/sources.pdf",
        png=shown("sources", "sources"),
    params:
        scenarios=SOURCES.names,
        totalled=TOTALLED,
        predicted=SOURCES.predicted,
    shell:
        command(
            "plot_sources.py --scenarios {params.scenarios} --crossed {input.crossed} --totalled {params.totalled}"
            " --totals {input.totals} --foreseen {params.predicted} --predicted {input.predicted} --outputs {output}"
        )


rule sources:
    input:
        figures=rules.plot_sources.output,
        summaries=[
            *expand(f"{RESULTS}/summary/sources_{{scenario}}.json", scenario=SOURCES.names),
            *expand(f"{RESULTS}/summary/logits_{{scenario}}.json", scenario=TOTALLED),
        ],
