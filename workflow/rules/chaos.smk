def every_batch(wildcards):
    """The records of all training jobs of the wildcards' scenario."""
    return batch_files(PLAN.batches(wildcards.scenario))


rule predict_fluctuations:
    message:
        "Predict the fluctuations of {wildcards.scenario}"
    input:
        data=f"{RESULTS}/data/{{scenario}}.nc",
    output:
        f"{RESULTS}/limit/{{scenario}}_fluctuations.nc",
    wildcard_constraints:
        scenario="|".join(PLAN.predicted) or "none",
    log:
        f"{RESULTS}/logs/predict_fluctuations/{{scenario}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/predict_fluctuations/{{scenario}}.tsv"
    threads: 1
    priority: 20
    resources:
        mem_mb=growing(3000),
        runtime=growing(60),
    params:
        times=lambda wildcards: PLAN.constants(wildcards.scenario).times,
        observables=lambda wildcards: PLAN.scenarios[wildcards.scenario].observables,
        tolerance=lambda wildcards: PLAN.constants(wildcards.scenario).tolerance,
        nodes=lambda wildcards: PLAN.constants(wildcards.scenario).coupling_nodes,
        code=code_of("predict_fluctuations"),
    shell:
        "python scripts/predict_fluctuations.py --data {input.data} --times {params.times}"
        " --observables {params.observables:q} --tolerance {params.tolerance} --coupling-nodes {params.nodes}"
        " --output {output} &> {log}"


rule measure_constants:
    message:
        "Hold the variances of {wildcards.scenario} against their predictions"
    input:
        limit=f"{RESULTS}/limit/{{scenario}}.nc",
        predicted=f"{RESULTS}/limit/{{scenario}}_fluctuations.nc",
        particles=every_batch,
    output:
        cells=f"{RESULTS}/chaos/{{scenario}}/cells.csv",
        null=f"{RESULTS}/chaos/{{scenario}}/null_pulls.csv",
        summary=f"{RESULTS}/summary/constants_{{scenario}}.json",
    log:
        f"{RESULTS}/logs/measure_constants/{{scenario}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/measure_constants/{{scenario}}.tsv"
    threads: 1
    resources:
        mem_mb=growing(3000),
        runtime=growing(20),
    params:
        pairs=lambda wildcards: [name for pair in PLAN.scenarios[wildcards.scenario].pairs for name in pair],
        from_width=lambda wildcards: PLAN.constants(wildcards.scenario).from_width,
        seed=PLAN.run.root_seed,
        code=code_of("measure_constants"),
    shell:
        "python scripts/measure_constants.py --scenario {wildcards.scenario} --limit {input.limit}"
        " --predicted {input.predicted} --particles {input.particles} --pairs {params.pairs:q}"
        " --from-width {params.from_width} --root-seed {params.seed} --cells {output.cells} --null {output.null}"
        " --summary {output.summary} &> {log}"


rule measure_chaos:
    message:
        "Measure how the neurons of {wildcards.scenario} become independent"
    input:
        data=f"{RESULTS}/data/{{scenario}}.nc",
        predicted=f"{RESULTS}/limit/{{scenario}}_fluctuations.nc",
        particles=every_batch,
    output:
        coupling=f"{RESULTS}/chaos/{{scenario}}/coupling.csv",
        independence=f"{RESULTS}/chaos/{{scenario}}/independence.csv",
        summary=f"{RESULTS}/summary/chaos_{{scenario}}.json",
    wildcard_constraints:
        scenario="|".join(PLAN.coupled) or "none",
    log:
        f"{RESULTS}/logs/measure_chaos/{{scenario}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/measure_chaos/{{scenario}}.tsv"
    threads: 1
    resources:
        mem_mb=growing(4000),
        runtime=growing(40),
    params:
        tolerance=lambda wildcards: PLAN.constants(wildcards.scenario).tolerance,
        pair=lambda wildcards: PLAN.constants(wildcards.scenario).dependence,
        rates_from=lambda wildcards: PLAN.of(wildcards.scenario).rates_from,
        judged_from=lambda wildcards: PLAN.constants(wildcards.scenario).from_width,
        resamples=PLAN.run.resamples,
        seed=PLAN.run.root_seed,
        code=code_of("measure_chaos"),
    shell:
        "python scripts/measure_chaos.py --data {input.data} --predicted {input.predicted}"
        " --particles {input.particles} --tolerance {params.tolerance} --pair {params.pair:q}"
        " --rates-from {params.rates_from} --judged-from {params.judged_from}"
        " --resamples {params.resamples} --root-seed {params.seed} --coupling {output.coupling}"
        " --independence {output.independence} --summary {output.summary} &> {log}"
