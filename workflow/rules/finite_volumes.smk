GRIDS = PLAN.studies["finite_volumes"]


def initial_law(problem):
    """The initial law from which a problem is solved on grids, as JSON: the scenario's own, or a variant's."""
    own = PLAN.experiments[GRIDS.scenario].scenario.initial
    return GRIDS.variants.get(problem, own).model_dump_json()


rule solve_finite_volumes:
    message:
        "Solve the limit equation of {wildcards.problem} by finite volumes on three grids"
    input:
        data=f"{RESULTS}/data/{GRIDS.scenario}.nc",
    output:
        table=f"{RESULTS}/finite_volumes/{{problem}}.csv",
        summary=f"{RESULTS}/summary/finite_volumes_{{problem}}.json",
    wildcard_constraints:
        problem=one_of(GRIDS.problems),
    resources:
        mem_mb=growing(1000),
        runtime=growing(20),
    params:
        initial=lambda wildcards: initial_law(wildcards.problem),
        times=PLAN.experiments[GRIDS.scenario].trained.snapshots,
        observables=PLAN.experiments[GRIDS.scenario].scenario.observables,
        tolerance=GRIDS.tolerance,
        cells=GRIDS.cells,
    shell:
        command(
            "solve_finite_volumes.py --data {input.data} --name {wildcards.problem} --initial {params.initial:q}"
            " --times {params.times} --observables {params.observables:q} --tolerance {params.tolerance}"
            " --cells {params.cells} --table {output.table} --summary {output.summary}"
        )


rule plot_density:
    message:
        "Draw the joint density of the limit law with the particles of one network"
    input:
        law=f"{RESULTS}/limit/{GRIDS.scenario}_law.nc",
        particles=records(GRIDS.scenario, [(GRIDS.near(PLAN.experiments[GRIDS.scenario]), 0)]),
    output:
        pdf=f"{FIGURES}/density.pdf",
        png=shown("finite_volumes", "density"),
    shell:
        command("plot_density.py --law {input.law} --particles {input.particles} --outputs {output}")


rule tabulate_orders:
    message:
        "Tabulate the limits by finite volumes with their observed orders"
    input:
        expand(f"{RESULTS}/finite_volumes/{{problem}}.csv", problem=GRIDS.problems),
    output:
        table("finite_volumes", "orders"),
    params:
        names=GRIDS.problems,
    shell:
        command("tabulate_orders.py --names {params.names} --studies {input} --table {output[0]} --csv {output[1]}")


rule finite_volumes:
    input:
        figures=rules.plot_density.output,
        tables=rules.tabulate_orders.output,
        summaries=expand(f"{RESULTS}/summary/finite_volumes_{{problem}}.json", problem=GRIDS.problems),
