rule solve_limit:
    message:
        "Solve the limit equation of {wildcards.scenario} to a certified tolerance"
    input:
        data=f"{RESULTS}/data/{{scenario}}.nc",
    output:
        limit=f"{RESULTS}/limit/{{scenario}}.nc",
        law=f"{RESULTS}/limit/{{scenario}}_law.nc",
    wildcard_constraints:
        scenario="|".join(PLAN.certified) or "none",
    log:
        f"{RESULTS}/logs/solve_limit/{{scenario}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/solve_limit/{{scenario}}.tsv"
    threads: 1
    priority: 20
    resources:
        mem_mb=growing(lambda wildcards: 3000 + PLAN.draws(wildcards.scenario) // 1000),
        runtime=growing(60),
    params:
        times=lambda wildcards: PLAN.times(wildcards.scenario),
        snapshots=lambda wildcards: PLAN.of(wildcards.scenario).snapshots,
        observables=lambda wildcards: PLAN.scenarios[wildcards.scenario].observables,
        tolerance=lambda wildcards: PLAN.of(wildcards.scenario).limit.tolerance,
        draws=lambda wildcards: PLAN.draws(wildcards.scenario),
        seed=PLAN.run.root_seed,
        code=code_of("solve_limit"),
    shell:
        "python scripts/solve_limit.py --data {input.data} --times {params.times} --snapshots {params.snapshots}"
        " --observables {params.observables:q} --tolerance {params.tolerance} --draws {params.draws}"
        " --root-seed {params.seed} --output {output.limit} --law {output.law} &> {log}"


rule approximate_limit:
    message:
        "Approximate the limit law of {wildcards.scenario} on Sobol' nodes"
    input:
        data=f"{RESULTS}/data/{{scenario}}.nc",
    output:
        limit=f"{RESULTS}/limit/{{scenario}}.nc",
        law=f"{RESULTS}/limit/{{scenario}}_law.nc",
    wildcard_constraints:
        scenario="|".join(PLAN.classified) or "none",
    log:
        f"{RESULTS}/logs/approximate_limit/{{scenario}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/approximate_limit/{{scenario}}.tsv"
    threads: 1
    priority: 20
    resources:
        mem_mb=growing(4000),
        runtime=growing(600),
    params:
        times=lambda wildcards: PLAN.times(wildcards.scenario),
        snapshots=lambda wildcards: PLAN.of(wildcards.scenario).snapshots,
        coordinates=lambda wildcards: PLAN.coordinates(wildcards.scenario),
        observables=lambda wildcards: PLAN.scenarios[wildcards.scenario].observables,
        method=lambda wildcards: PLAN.of(wildcards.scenario).limit.model_dump(exclude={"method"}),
        seed=PLAN.run.root_seed,
        code=code_of("approximate_limit"),
    shell:
        "python scripts/approximate_limit.py --data {input.data} --times {params.times} --snapshots {params.snapshots}"
        " --coordinates {params.coordinates:q} --observables {params.observables:q}"
        " --log2-nodes {params.method[log2_nodes]} --replicates {params.method[replicates]}"
        " --steps {params.method[steps]} --batch {params.method[batch]} --root-seed {params.seed}"
        " --output {output.limit} --law {output.law} &> {log}"
