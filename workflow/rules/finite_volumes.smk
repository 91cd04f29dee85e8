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
    params:
        name="{problem}",
        initial=lambda wildcards: initial_law(wildcards.problem),
        times=PLAN.experiments[GRIDS.scenario].trained.snapshots,
        observables=PLAN.experiments[GRIDS.scenario].scenario.observables,
        tolerance=GRIDS.tolerance,
        cells=GRIDS.cells,
    shell:
        command("solve_finite_volumes")


rule plot_density:
    message:
        "Draw the joint density of the limit law with the particles of one network"
    input:
        law=f"{RESULTS}/limit/{GRIDS.scenario}_law.nc",
        particles=records(GRIDS.scenario, [(GRIDS.near(PLAN.experiments[GRIDS.scenario]), 0)]),
    output:
        f"{FIGURES}/density.pdf",
        shown("finite_volumes", "density"),
    shell:
        command("plot_density")


rule tabulate_orders:
    message:
        "Tabulate the limits by finite volumes with their observed orders"
    input:
        studies=expand(f"{RESULTS}/finite_volumes/{{problem}}.csv", problem=GRIDS.problems),
    output:
        **table("finite_volumes", "orders"),
    params:
        names=GRIDS.problems,
    shell:
        command("tabulate_orders")


rule finite_volumes:
    input:
        figures=rules.plot_density.output,
        tables=rules.tabulate_orders.output,
        summaries=expand(f"{RESULTS}/summary/finite_volumes_{{problem}}.json", problem=GRIDS.problems),
