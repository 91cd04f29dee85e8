rule measure_joint_law:
    message:
        "Compare the joint law of two neurons of {wildcards.scenario} with the product of its marginals"
    input:
        particles=every_batch,
    output:
        joint=f"{RESULTS}/chaos/{{scenario}}/joint.csv",
        summary=f"{RESULTS}/summary/joint_law_{{scenario}}.json",
    wildcard_constraints:
        scenario="|".join(PLAN.coupled) or "none",
    log:
        f"{RESULTS}/logs/measure_joint_law/{{scenario}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/measure_joint_law/{{scenario}}.tsv"
    threads: 1
    resources:
        mem_mb=growing(2000),
        runtime=growing(10),
    params:
        seed=PLAN.run.root_seed,
        code=code_of("measure_joint_law"),
    shell:
        "python scripts/measure_joint_law.py --scenario {wildcards.scenario} --particles {input.particles}"
        " --root-seed {params.seed} --joint {output.joint}"
        " --summary {output.summary} &> {log}"


rule measure_groups:
    message:
        "Hold groups of neurons of {wildcards.scenario} against their prediction"
    input:
        limit=f"{RESULTS}/limit/{{scenario}}.nc",
        predicted=f"{RESULTS}/limit/{{scenario}}_fluctuations.nc",
        particles=every_batch,
    output:
        products=f"{RESULTS}/chaos/{{scenario}}/products.csv",
        sizes=f"{RESULTS}/chaos/{{scenario}}/sizes.csv",
        summary=f"{RESULTS}/summary/groups_{{scenario}}.json",
    wildcard_constraints:
        scenario="|".join(PLAN.grouped) or "none",
    log:
        f"{RESULTS}/logs/measure_groups/{{scenario}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/measure_groups/{{scenario}}.tsv"
    threads: 1
    resources:
        mem_mb=growing(2000),
        runtime=growing(10),
    params:
        observable=lambda wildcards: PLAN.scenarios[wildcards.scenario].group,
        rates_from=lambda wildcards: PLAN.of(wildcards.scenario).rates_from,
        judged_from=lambda wildcards: PLAN.constants(wildcards.scenario).from_width,
        code=code_of("measure_groups"),
    shell:
        "python scripts/measure_groups.py --scenario {wildcards.scenario} --limit {input.limit}"
        " --predicted {input.predicted} --particles {input.particles} --observable {params.observable:q}"
        " --rates-from {params.rates_from} --judged-from {params.judged_from} --products {output.products}"
        " --sizes {output.sizes} --summary {output.summary} &> {log}"


rule plot_groups:
    message:
        "Draw groups of neurons against the width"
    input:
        products=f"{RESULTS}/chaos/sine1d/products.csv",
        sizes=f"{RESULTS}/chaos/sine1d/sizes.csv",
    output:
        pdf=f"{FIGURES}/groups.pdf",
        png=shown("groups"),
    log:
        f"{RESULTS}/logs/plot_groups.log",
    benchmark:
        f"{RESULTS}/benchmarks/plot_groups.tsv"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=5,
    params:
        code=code_of("plot_groups"),
    shell:
        "python scripts/plot_groups.py --products {input.products} --sizes {input.sizes} --outputs {output} &> {log}"
