PRECISION = PLAN.studies["precision"]


rule compare_precision:
    message:
        "Compare single with double precision in {wildcards.scenario}"
    input:
        data=f"{RESULTS}/data/{{scenario}}.nc",
    output:
        f"{RESULTS}/summary/precision_{{scenario}}.json",
    resources:
        mem_mb=growing(1500),
        runtime=growing(10),
    params:
        widths=lambda wildcards: PRECISION.scenarios[wildcards.scenario].widths,
        replicas=lambda wildcards: PRECISION.scenarios[wildcards.scenario].replicas,
        points=lambda wildcards: PRECISION.scenarios[wildcards.scenario].points,
        seed=PLAN.run.root_seed,
    shell:
        command(
            "compare_precision.py --scenario {wildcards.scenario} --data {input.data} --widths {params.widths}"
            " --replicas {params.replicas} --points {params.points} --root-seed {params.seed}"
            " --summary {output}"
        )


rule precision:
    input:
        summaries=expand(f"{RESULTS}/summary/precision_{{scenario}}.json", scenario=PRECISION.names),
