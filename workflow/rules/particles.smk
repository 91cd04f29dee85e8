def experiment(wildcards):
    """The wildcards' scenario with what is trained of it."""
    return PLAN.experiments[wildcards.scenario]


def width_plan(wildcards):
    """The plan of the wildcards' width."""
    return PLAN.width(wildcards.scenario, wildcards.width)


rule train_particles:
    message:
        "Train {wildcards.scenario} at width {wildcards.width}, replicas {params.replicas[0]} up to {params.replicas[1]}"
    input:
        data=f"{RESULTS}/data/{{scenario}}.nc",
    output:
        f"{RESULTS}/particles/{{scenario}}/N{{width}}/batch{{batch}}.nc",
    threads: lambda wildcards: width_plan(wildcards).threads
    # The longest first: one that is left for the end keeps all but its own cores waiting.
    priority: lambda wildcards: PLAN.training_minutes(wildcards.scenario, int(wildcards.width))
    resources:
        mem_mb=growing(lambda wildcards: PLAN.training_memory(wildcards.scenario, int(wildcards.width))),
        runtime=growing(lambda wildcards: PLAN.training_minutes(wildcards.scenario, int(wildcards.width))),
    params:
        width="{width}",
        replicas=lambda wildcards: width_plan(wildcards).members(int(wildcards.batch)),
        keep=lambda wildcards: width_plan(wildcards).keep(int(wildcards.batch)),
        times=lambda wildcards: experiment(wildcards).times,
        keep_times=lambda wildcards: experiment(wildcards).trained.snapshots,
        keep_coordinates=lambda wildcards: experiment(wildcards).coordinates,
        observables=lambda wildcards: experiment(wildcards).scenario.recorded,
        follow=lambda wildcards: PLAN.followed(wildcards.scenario),
        precision=lambda wildcards: width_plan(wildcards).precision,
        root_seed=PLAN.run.root_seed,
        # Beside the outputs, of which Snakemake leaves nothing when a job is killed.
        state=lambda wildcards: "{}/states/{scenario}/N{width}/batch{batch}.npz".format(RESULTS, **wildcards),
    shell:
        command(
            "train_particles",
            "--threads {threads} --code {params.fingerprint}",
            prefix="OPENBLAS_NUM_THREADS=1 NUMBA_NUM_THREADS={threads}",
        )
