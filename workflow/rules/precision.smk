PRECISION = PLAN.studies["precision"]


rule compare_precision:
    message:
        "Compare single with double precision in {wildcards.scenario}"
    input:
        data=f"{RESULTS}/data/{{scenario}}.nc",
    output:
        summary=f"{RESULTS}/summary/precision_{{scenario}}.json",
    params:
        scenario="{scenario}",
        widths=lambda wildcards: PRECISION.scenarios[wildcards.scenario].widths,
        replicas=lambda wildcards: PRECISION.scenarios[wildcards.scenario].replicas,
        points=lambda wildcards: PRECISION.scenarios[wildcards.scenario].points,
        root_seed=PLAN.run.root_seed,
    shell:
        command("compare_precision")


rule precision:
    input:
        summaries=expand(f"{RESULTS}/summary/precision_{{scenario}}.json", scenario=PRECISION.names),
