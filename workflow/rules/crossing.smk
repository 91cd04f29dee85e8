def crossed_files(scenario):
    """The crossed networks of a scenario, one file a width."""
    widths = PLAN.crossing(scenario).widths
    return expand(f"{RESULTS}/crossing/{{scenario}}/N{{width}}.nc", scenario=scenario, width=widths)


rule train_crossed:
    message:
        "Train every start on every sequence of samples of {wildcards.scenario} at width {wildcards.width}"
    input:
        data=f"{RESULTS}/data/{{scenario}}.nc",
    output:
        f"{RESULTS}/crossing/{{scenario}}/N{{width}}.nc",
    log:
        f"{RESULTS}/logs/train_crossed/{{scenario}}/N{{width}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/train_crossed/{{scenario}}/N{{width}}.tsv"
    threads: 1
    priority: 20
    resources:
        mem_mb=growing(lambda wildcards: 1000 + int(wildcards.width) // 20),
        runtime=growing(lambda wildcards: 10 + int(wildcards.width) // 50),
    params:
        members=lambda wildcards: PLAN.crossing(wildcards.scenario).widths[int(wildcards.width)],
        points=lambda wildcards: PLAN.crossing(wildcards.scenario).points,
        seed=PLAN.run.root_seed,
        code=code_of("train_crossed"),
    shell:
        "python scripts/train_crossed.py --data {input.data} --width {wildcards.width} --count {params.members}"
        " --points {params.points} --root-seed {params.seed} --output {output} &> {log}"


rule predict_sources:
    message:
        "Predict what start and samples contribute to the fluctuations of {wildcards.scenario}"
    input:
        data=f"{RESULTS}/data/{{scenario}}.nc",
    output:
        f"{RESULTS}/crossing/{{scenario}}/predicted.json",
    log:
        f"{RESULTS}/logs/predict_sources/{{scenario}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/predict_sources/{{scenario}}.tsv"
    threads: 1
    priority: 20
    resources:
        mem_mb=growing(2000),
        runtime=growing(60),
    params:
        points=lambda wildcards: PLAN.crossing(wildcards.scenario).points,
        tolerance=lambda wildcards: PLAN.crossing(wildcards.scenario).tolerance,
        code=code_of("predict_sources"),
    shell:
        "python scripts/predict_sources.py --data {input.data} --points {params.points}"
        " --tolerance {params.tolerance} --output {output} &> {log}"


rule measure_sources:
    message:
        "Split the fluctuations of {wildcards.scenario} by their source"
    input:
        crossed=lambda wildcards: crossed_files(wildcards.scenario),
        predicted=lambda wildcards: (
            f"{RESULTS}/crossing/{wildcards.scenario}/predicted.json"
            if PLAN.crossing(wildcards.scenario).tolerance
            else []
        ),
    output:
        table=f"{RESULTS}/crossing/{{scenario}}/sources.csv",
        summary=f"{RESULTS}/summary/sources_{{scenario}}.json",
    log:
        f"{RESULTS}/logs/measure_sources/{{scenario}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/measure_sources/{{scenario}}.tsv"
    threads: 1
    resources:
        mem_mb=growing(1000),
        runtime=growing(5),
    params:
        code=code_of("measure_sources"),
    shell:
        "python scripts/measure_sources.py --scenario {wildcards.scenario} --crossed {input.crossed}"
        " --predicted {input.predicted} --table {output.table} --summary {output.summary} &> {log}"


rule measure_logits:
    message:
        "Measure the variance of the outputs of {wildcards.scenario} at held-out points"
    input:
        lambda wildcards: batch_files(PLAN.batches(wildcards.scenario)),
    output:
        table=f"{RESULTS}/crossing/{{scenario}}/totals.csv",
        summary=f"{RESULTS}/summary/logits_{{scenario}}.json",
    log:
        f"{RESULTS}/logs/measure_logits/{{scenario}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/measure_logits/{{scenario}}.tsv"
    threads: 1
    resources:
        mem_mb=growing(2000),
        runtime=growing(5),
    params:
        points=lambda wildcards: PLAN.crossing(wildcards.scenario).points,
        code=code_of("measure_logits"),
    shell:
        "python scripts/measure_logits.py --scenario {wildcards.scenario} --particles {input} --points {params.points}"
        " --table {output.table} --summary {output.summary} &> {log}"


rule compare_precision:
    message:
        "Compare single with double precision in {wildcards.scenario}"
    input:
        data=f"{RESULTS}/data/{{scenario}}.nc",
    output:
        f"{RESULTS}/summary/precision_{{scenario}}.json",
    log:
        f"{RESULTS}/logs/compare_precision/{{scenario}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/compare_precision/{{scenario}}.tsv"
    threads: 1
    resources:
        mem_mb=growing(1500),
        runtime=growing(10),
    params:
        widths=lambda wildcards: sorted(PLAN.crossing(wildcards.scenario).widths),
        replicas=3,
        points=lambda wildcards: PLAN.crossing(wildcards.scenario).points,
        seed=PLAN.run.root_seed,
        code=code_of("compare_precision"),
    shell:
        "python scripts/compare_precision.py --scenario {wildcards.scenario} --data {input.data} --widths {params.widths}"
        " --replicas {params.replicas} --points {params.points} --root-seed {params.seed} --summary {output} &> {log}"


rule plot_sources:
    message:
        "Draw where the fluctuations of the outputs come from"
    input:
        totals=f"{RESULTS}/crossing/mnist/totals.csv",
        crossed=f"{RESULTS}/crossing/mnist/sources.csv",
        reduced=f"{RESULTS}/crossing/digits/sources.csv",
        predicted=f"{RESULTS}/crossing/digits/predicted.json",
    output:
        pdf=f"{FIGURES}/sources.pdf",
        png=shown("sources"),
    log:
        f"{RESULTS}/logs/plot_sources.log",
    benchmark:
        f"{RESULTS}/benchmarks/plot_sources.tsv"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=5,
    params:
        code=code_of("plot_sources"),
    shell:
        "python scripts/plot_sources.py --totals {input.totals} --crossed {input.crossed} --reduced {input.reduced}"
        " --predicted {input.predicted} --outputs {output} &> {log}"


rule plot_weights:
    message:
        "Draw the weights of a few neurons as images"
    input:
        lambda wildcards: first_batch_files("mnist")[-1:],
    output:
        pdf=f"{FIGURES}/weights.pdf",
        png=shown("weights"),
    log:
        f"{RESULTS}/logs/plot_weights.log",
    benchmark:
        f"{RESULTS}/benchmarks/plot_weights.tsv"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=5,
    params:
        code=code_of("plot_weights"),
    shell:
        "python scripts/plot_weights.py --particles {input} --outputs {output} &> {log}"
