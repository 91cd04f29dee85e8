rule solve_limit:
    message:
        "Solve the limit equation of {wildcards.scenario} to a certified tolerance"
    input:
        data=f"{RESULTS}/data/{{scenario}}.nc",
    output:
        limit=f"{RESULTS}/limit/{{scenario}}.nc",
        law=f"{RESULTS}/limit/{{scenario}}_law.nc",
    wildcard_constraints:
        scenario=one_of(PLAN.certified),
    priority: 20
    resources:
        mem_mb=growing(lambda wildcards: 3000 + experiment(wildcards).draws // 1000),
        runtime=growing(60),
    params:
        times=lambda wildcards: experiment(wildcards).times,
        snapshots=lambda wildcards: experiment(wildcards).trained.snapshots,
        observables=lambda wildcards: experiment(wildcards).scenario.observables,
        tolerance=lambda wildcards: experiment(wildcards).trained.limit.tolerance,
        draws=lambda wildcards: experiment(wildcards).draws,
        seed=PLAN.run.root_seed,
    shell:
        command(
            "solve_limit.py --data {input.data} --times {params.times} --snapshots {params.snapshots}"
            " --observables {params.observables:q} --tolerance {params.tolerance} --draws {params.draws}"
            " --root-seed {params.seed} --output {output.limit} --law {output.law}"
        )


rule approximate_limit:
    message:
        "Approximate the limit law of {wildcards.scenario} on Sobol' nodes"
    input:
        data=f"{RESULTS}/data/{{scenario}}.nc",
    output:
        limit=f"{RESULTS}/limit/{{scenario}}.nc",
        law=f"{RESULTS}/limit/{{scenario}}_law.nc",
    wildcard_constraints:
        scenario=one_of(PLAN.approximated),
    priority: 20
    resources:
        mem_mb=growing(4000),
        runtime=growing(600),
    params:
        times=lambda wildcards: experiment(wildcards).times,
        snapshots=lambda wildcards: experiment(wildcards).trained.snapshots,
        coordinates=lambda wildcards: experiment(wildcards).coordinates,
        observables=lambda wildcards: experiment(wildcards).scenario.observables,
        method=lambda wildcards: experiment(wildcards).trained.limit.model_dump(exclude={"method"}),
        seed=PLAN.run.root_seed,
    shell:
        command(
            "approximate_limit.py --data {input.data} --times {params.times} --snapshots {params.snapshots}"
            " --coordinates {params.coordinates:q} --observables {params.observables:q}"
            " --log2-nodes {params.method[log2_nodes]} --replicates {params.method[replicates]}"
            " --steps {params.method[steps]} --batch {params.method[batch]} --root-seed {params.seed}"
            " --output {output.limit} --law {output.law}"
        )


rule predict_fluctuations:
    message:
        "Predict the fluctuations of {wildcards.scenario}"
    input:
        data=f"{RESULTS}/data/{{scenario}}.nc",
    output:
        f"{RESULTS}/limit/{{scenario}}_fluctuations.nc",
    wildcard_constraints:
        scenario=one_of(PLAN.predicted),
    priority: 20
    resources:
        mem_mb=growing(3000),
        runtime=growing(60),
    params:
        times=lambda wildcards: experiment(wildcards).fluctuations.times,
        observables=lambda wildcards: experiment(wildcards).scenario.observables,
        tolerance=lambda wildcards: experiment(wildcards).fluctuations.tolerance,
        nodes=lambda wildcards: PLAN.coupling_nodes(wildcards.scenario),
    shell:
        command(
            "predict_fluctuations.py --data {input.data} --times {params.times} --observables {params.observables:q}"
            " --tolerance {params.tolerance} --coupling-nodes {params.nodes} --output {output}"
        )
