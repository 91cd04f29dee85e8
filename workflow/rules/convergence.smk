def batch_files(jobs):
    """The records of the given training jobs of the wildcards' scenario."""
    return [f"{RESULTS}/particles/{{scenario}}/N{job['width']}/batch{job['batch']}.nc" for job in jobs]


rule measure_errors:
    message:
        "Hold the replicas of {wildcards.scenario} against the limit"
    input:
        data=f"{RESULTS}/data/{{scenario}}.nc",
        limit=f"{RESULTS}/limit/{{scenario}}.nc",
        particles=lambda wildcards: batch_files(
            PLAN.batches(wildcards.scenario, PLAN.of(wildcards.scenario).rates_from)
        ),
    output:
        errors=f"{RESULTS}/convergence/{{scenario}}/errors.csv",
        sup=f"{RESULTS}/convergence/{{scenario}}/sup.csv",
        fits=f"{RESULTS}/convergence/{{scenario}}/fits.csv",
        summary=f"{RESULTS}/summary/errors_{{scenario}}.json",
    log:
        f"{RESULTS}/logs/measure_errors/{{scenario}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/measure_errors/{{scenario}}.tsv"
    threads: 1
    resources:
        mem_mb=growing(4000),
        runtime=growing(20),
    params:
        resamples=PLAN.run.resamples,
        seed=PLAN.run.root_seed,
        code=code_of("measure_errors"),
    shell:
        "python scripts/measure_errors.py --data {input.data} --limit {input.limit} --particles {input.particles}"
        " --resamples {params.resamples} --root-seed {params.seed} --errors {output.errors} --sup {output.sup}"
        " --fits {output.fits} --summary {output.summary} &> {log}"


rule measure_distances:
    message:
        "Measure the distances of {wildcards.scenario} to the limit law and fit their rates"
    input:
        law=f"{RESULTS}/limit/{{scenario}}_law.nc",
        particles=lambda wildcards: batch_files(PLAN.cloud_batches(wildcards.scenario)),
    output:
        distances=f"{RESULTS}/convergence/{{scenario}}/distances.csv",
        summary=f"{RESULTS}/summary/distances_{{scenario}}.json",
    wildcard_constraints:
        scenario="|".join(PLAN.certified) or "none",
    log:
        f"{RESULTS}/logs/measure_distances/{{scenario}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/measure_distances/{{scenario}}.tsv"
    threads: 1
    resources:
        mem_mb=growing(lambda wildcards: 3000 + PLAN.draws(wildcards.scenario) // 1000),
        runtime=growing(30),
    params:
        clouds=lambda wildcards: [plan.clouds for plan in PLAN.of(wildcards.scenario).widths if plan.clouds],
        resamples=PLAN.run.resamples,
        seed=PLAN.run.root_seed,
        code=code_of("measure_distances"),
    shell:
        "python scripts/measure_distances.py --scenario {wildcards.scenario} --law {input.law}"
        " --particles {input.particles} --clouds {params.clouds} --resamples {params.resamples}"
        " --root-seed {params.seed} --distances {output.distances} --summary {output.summary} &> {log}"


rule measure_settling:
    message:
        "Measure how the trained laws of {wildcards.scenario} settle with the width"
    input:
        data=f"{RESULTS}/data/{{scenario}}.nc",
        limit=f"{RESULTS}/limit/{{scenario}}.nc",
        law=f"{RESULTS}/limit/{{scenario}}_law.nc",
        particles=lambda wildcards: batch_files(PLAN.cloud_batches(wildcards.scenario)),
    output:
        distances=f"{RESULTS}/settling/{{scenario}}/distances.csv",
        accuracy=f"{RESULTS}/settling/{{scenario}}/accuracy.csv",
        summary=f"{RESULTS}/summary/settling_{{scenario}}.json",
    log:
        f"{RESULTS}/logs/measure_settling/{{scenario}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/measure_settling/{{scenario}}.tsv"
    threads: 1
    resources:
        mem_mb=growing(6000),
        runtime=growing(20),
    params:
        resamples=PLAN.run.resamples,
        seed=PLAN.run.root_seed,
        code=code_of("measure_settling"),
    shell:
        "python scripts/measure_settling.py --scenario {wildcards.scenario} --data {input.data} --limit {input.limit}"
        " --law {input.law} --particles {input.particles} --resamples {params.resamples} --root-seed {params.seed}"
        " --distances {output.distances} --accuracy {output.accuracy} --summary {output.summary} &> {log}"
