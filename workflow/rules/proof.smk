rule measure_proof_terms:
    message:
        "Take the paths of {wildcards.scenario} apart into the terms of the proof"
    input:
        data=f"{RESULTS}/data/{{scenario}}.nc",
    output:
        table=f"{RESULTS}/proof_terms/{{scenario}}.csv",
        summary=f"{RESULTS}/summary/proof_terms_{{scenario}}.json",
    wildcard_constraints:
        scenario="|".join(PLAN.dissected) or "none",
    log:
        f"{RESULTS}/logs/measure_proof_terms/{{scenario}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/measure_proof_terms/{{scenario}}.tsv"
    threads: 1
    priority: 10
    resources:
        mem_mb=growing(2000),
        runtime=growing(120),
    params:
        observables=lambda wildcards: PLAN.proof_terms(wildcards.scenario).observables,
        widths=lambda wildcards: list(PLAN.proof_terms(wildcards.scenario).widths),
        replicas=lambda wildcards: list(PLAN.proof_terms(wildcards.scenario).widths.values()),
        resamples=PLAN.run.resamples,
        seed=PLAN.run.root_seed,
        code=code_of("measure_proof_terms"),
    shell:
        "python scripts/measure_proof_terms.py --data {input.data} --observables {params.observables:q}"
        " --widths {params.widths} --replicas {params.replicas} --resamples {params.resamples}"
        " --root-seed {params.seed} --table {output.table} --summary {output.summary} &> {log}"


rule plot_proof_terms:
    message:
        "Draw the terms of the proof against the width with what the limit predicts"
    input:
        f"{RESULTS}/proof_terms/sine1d.csv",
    output:
        pdf=f"{FIGURES}/proof_terms.pdf",
        png=shown("proof_terms"),
    log:
        f"{RESULTS}/logs/plot_proof_terms.log",
    benchmark:
        f"{RESULTS}/benchmarks/plot_proof_terms.tsv"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=5,
    params:
        code=code_of("plot_proof_terms"),
    shell:
        "python scripts/plot_proof_terms.py --table {input} --outputs {output} &> {log}"
