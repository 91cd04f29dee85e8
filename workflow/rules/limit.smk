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
    params:
        times=lambda wildcards: experiment(wildcards).times,
        snapshots=lambda wildcards: experiment(wildcards).trained.snapshots,
        observables=lambda wildcards: experiment(wildcards).scenario.observables,
        tolerance=lambda wildcards: experiment(wildcards).trained.limit.tolerance,
        draws=lambda wildcards: experiment(wildcards).draws,
        root_seed=PLAN.run.root_seed,
    shell:
        command("solve_limit")


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
    params:
        times=lambda wildcards: experiment(wildcards).times,
        snapshots=lambda wildcards: experiment(wildcards).trained.snapshots,
        coordinates=lambda wildcards: experiment(wildcards).coordinates,
        observables=lambda wildcards: experiment(wildcards).scenario.observables,
        log2_nodes=lambda wildcards: experiment(wildcards).trained.limit.log2_nodes,
        replicates=lambda wildcards: experiment(wildcards).trained.limit.replicates,
        steps=lambda wildcards: experiment(wildcards).trained.limit.steps,
        batch=lambda wildcards: experiment(wildcards).trained.limit.batch,
        root_seed=PLAN.run.root_seed,
    shell:
        command("approximate_limit")


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
    params:
        times=lambda wildcards: experiment(wildcards).fluctuations.times,
        grid=lambda wildcards: experiment(wildcards).times,
        largest=lambda wildcards: experiment(wildcards).largest,
        observables=lambda wildcards: experiment(wildcards).scenario.observables,
        tolerance=lambda wildcards: experiment(wildcards).fluctuations.tolerance,
        coupling_nodes=lambda wildcards: PLAN.coupling_nodes(wildcards.scenario),
    shell:
        command("predict_fluctuations")
