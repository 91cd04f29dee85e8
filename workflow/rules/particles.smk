rule train_particles:
    message:
        "Train {wildcards.scenario} at width {wildcards.width}, replicas {params.replicas[0]} up to {params.replicas[1]}"
    input:
        data=f"{RESULTS}/data/{{scenario}}.nc",
    output:
        f"{RESULTS}/particles/{{scenario}}/N{{width}}/batch{{batch}}.nc",
    log:
        f"{RESULTS}/logs/train_particles/{{scenario}}/N{{width}}/batch{{batch}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/train_particles/{{scenario}}/N{{width}}/batch{{batch}}.tsv"
    threads: lambda wildcards: PLAN.width(wildcards.scenario, wildcards.width).threads
    # The longest first: one that is left for the end keeps all but its own cores waiting.
    priority: lambda wildcards: PLAN.training_minutes(wildcards.scenario, int(wildcards.width))
    resources:
        mem_mb=growing(lambda wildcards: PLAN.training_memory(wildcards.scenario, int(wildcards.width))),
        runtime=growing(lambda wildcards: PLAN.training_minutes(wildcards.scenario, int(wildcards.width))),
    params:
        replicas=lambda wildcards: PLAN.width(wildcards.scenario, wildcards.width).members(int(wildcards.batch)),
        keep=lambda wildcards: PLAN.width(wildcards.scenario, wildcards.width).keep(int(wildcards.batch)),
        times=lambda wildcards: PLAN.times(wildcards.scenario),
        snapshots=lambda wildcards: PLAN.of(wildcards.scenario).snapshots,
        coordinates=lambda wildcards: PLAN.coordinates(wildcards.scenario),
        observables=lambda wildcards: PLAN.scenarios[wildcards.scenario].recorded,
        follow=lambda wildcards: PLAN.followed(wildcards.scenario),
        precision=lambda wildcards: PLAN.width(wildcards.scenario, wildcards.width).precision,
        seed=PLAN.run.root_seed,
        code=code_of("train_particles"),
    shell:
        "OPENBLAS_NUM_THREADS=1 NUMBA_NUM_THREADS={threads} python scripts/train_particles.py --data {input.data} --width {wildcards.width} --replicas {params.replicas}"
        " --times {params.times} --observables {params.observables:q} --keep {params.keep}"
        " --keep-times {params.snapshots} --keep-coordinates {params.coordinates:q} --follow {params.follow}"
        " --precision {params.precision} --threads {threads} --root-seed {params.seed} --output {output} &> {log}"
