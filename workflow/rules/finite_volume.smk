# The scenario's own initial law and a smooth one, where the run has the scenario.
GRID_PROBLEMS = ["sine1d", "sine1d_normal"] if "sine1d" in PLAN.names else []


def cloud_near(scenario, wanted):
    """The first training job, which keeps all its particles, of the width nearest to the wanted one."""
    widths = PLAN.widths(scenario) if scenario in PLAN.names else []
    nearest = min(widths, key=lambda width: abs(width - wanted), default=wanted)
    return f"{RESULTS}/particles/{scenario}/N{nearest}/batch0.nc"


rule solve_finite_volumes:
    message:
        "Solve the limit equation of {wildcards.variant} by finite volumes on three grids"
    input:
        data=f"{RESULTS}/data/sine1d.nc",
    output:
        table=f"{RESULTS}/finite_volumes/{{variant}}.csv",
        summary=f"{RESULTS}/summary/finite_volumes_{{variant}}.json",
    wildcard_constraints:
        variant="|".join(GRID_PROBLEMS) or "none",
    log:
        f"{RESULTS}/logs/solve_finite_volumes/{{variant}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/solve_finite_volumes/{{variant}}.tsv"
    threads: 1
    resources:
        mem_mb=growing(1000),
        runtime=growing(20),
    params:
        initial=lambda wildcards: PLAN.grid_law("sine1d", wildcards.variant),
        times=lambda wildcards: PLAN.of("sine1d").snapshots,
        observables=lambda wildcards: PLAN.scenarios["sine1d"].observables,
        tolerance=PLAN.run.finite_volumes.tolerance,
        cells=PLAN.run.finite_volumes.cells,
        code=code_of("solve_finite_volumes"),
    shell:
        "python scripts/solve_finite_volumes.py --data {input.data} --name {wildcards.variant}"
        " --initial {params.initial:q} --times {params.times} --observables {params.observables:q}"
        " --tolerance {params.tolerance} --cells {params.cells} --table {output.table} --summary {output.summary}"
        " &> {log}"


rule tabulate_orders:
    message:
        "Tabulate the limits by finite volumes with their observed orders"
    input:
        expand(f"{RESULTS}/finite_volumes/{{variant}}.csv", variant=GRID_PROBLEMS),
    output:
        table=f"{PAPER}/generated/table_orders.tex",
        csv=f"{RESULTS}/tables/orders.csv",
    log:
        f"{RESULTS}/logs/tabulate_orders.log",
    benchmark:
        f"{RESULTS}/benchmarks/tabulate_orders.tsv"
    threads: 1
    resources:
        mem_mb=500,
        runtime=5,
    params:
        names=GRID_PROBLEMS,
        code=code_of("tabulate_orders"),
    shell:
        "python scripts/tabulate_orders.py --names {params.names} --studies {input}"
        " --table {output.table} --csv {output.csv} &> {log}"


rule plot_density:
    message:
        "Draw the joint density of the limit law with the particles of one network"
    input:
        law=f"{RESULTS}/limit/sine1d_law.nc",
        particles=cloud_near("sine1d", 1000),
    output:
        pdf=f"{FIGURES}/density.pdf",
        png=shown("density"),
    log:
        f"{RESULTS}/logs/plot_density.log",
    benchmark:
        f"{RESULTS}/benchmarks/plot_density.tsv"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=5,
    params:
        code=code_of("plot_density"),
    shell:
        "python scripts/plot_density.py --law {input.law} --particles {input.particles} --outputs {output} &> {log}"
