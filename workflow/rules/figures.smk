PATHS = 40  # replicas whose paths are drawn


def four_widths(scenario):
    """Four of a scenario's widths, from the smallest to the largest."""
    widths = PLAN.widths(scenario) if scenario in PLAN.names else []
    return sorted({widths[round(step * (len(widths) - 1) / 3)] for step in range(4)} if widths else [])


def first_batch_files(scenario):
    """The first training job of each of four widths, which keeps all its particles."""
    return expand(f"{RESULTS}/particles/{scenario}/N{{width}}/batch0.nc", width=four_widths(scenario))


def path_files(scenario):
    """The training jobs of each of four widths that have the first replicas."""
    return [
        f"{RESULTS}/particles/{scenario}/N{width}/batch{batch}.nc"
        for width in four_widths(scenario)
        for batch in PLAN.width(scenario, width).batches
        if PLAN.width(scenario, width).members(batch)[0] < PATHS
    ]


rule plot_histograms:
    message:
        "Draw the laws of trained parameters beside the limit law"
    input:
        law=f"{RESULTS}/limit/sine1d_law.nc",
        particles=first_batch_files("sine1d"),
    output:
        pdf=f"{FIGURES}/histograms.pdf",
        png=shown("histograms"),
    log:
        f"{RESULTS}/logs/plot_histograms.log",
    benchmark:
        f"{RESULTS}/benchmarks/plot_histograms.tsv"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=5,
    params:
        code=code_of("plot_histograms"),
    shell:
        "python scripts/plot_histograms.py --law {input.law} --particles {input.particles} --outputs {output} &> {log}"


rule plot_rates:
    message:
        "Draw the errors against the width with their fitted rates"
    input:
        errors=expand(f"{RESULTS}/convergence/{{scenario}}/errors.csv", scenario=PLAN.names),
        sup=expand(f"{RESULTS}/convergence/{{scenario}}/sup.csv", scenario=PLAN.names),
        fits=expand(f"{RESULTS}/convergence/{{scenario}}/fits.csv", scenario=PLAN.names),
    output:
        pdf=f"{FIGURES}/rates.pdf",
        png=shown("rates"),
    log:
        f"{RESULTS}/logs/plot_rates.log",
    benchmark:
        f"{RESULTS}/benchmarks/plot_rates.tsv"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=5,
    params:
        scenarios=PLAN.names,
        code=code_of("plot_rates"),
    shell:
        "python scripts/plot_rates.py --scenarios {params.scenarios} --errors {input.errors} --sup {input.sup}"
        " --fits {input.fits} --outputs {output} &> {log}"


rule plot_paths:
    message:
        "Draw the paths of replicas closing in on the limit path"
    input:
        limit=f"{RESULTS}/limit/sine1d.nc",
        particles=path_files("sine1d"),
    output:
        pdf=f"{FIGURES}/paths.pdf",
        png=shown("paths"),
    log:
        f"{RESULTS}/logs/plot_paths.log",
    benchmark:
        f"{RESULTS}/benchmarks/plot_paths.tsv"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=5,
    params:
        observable="c*w0",
        replicas=PATHS,
        code=code_of("plot_paths"),
    shell:
        "python scripts/plot_paths.py --limit {input.limit} --particles {input.particles}"
        " --observable {params.observable:q} --replicas {params.replicas} --outputs {output} &> {log}"


rule plot_risk:
    message:
        "Draw the population risk over time by width and in the limit"
    input:
        expand(f"{RESULTS}/convergence/{{scenario}}/errors.csv", scenario=PLAN.names),
    output:
        pdf=f"{FIGURES}/risk.pdf",
        png=shown("risk"),
    log:
        f"{RESULTS}/logs/plot_risk.log",
    benchmark:
        f"{RESULTS}/benchmarks/plot_risk.tsv"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=5,
    params:
        scenarios=PLAN.names,
        code=code_of("plot_risk"),
    shell:
        "python scripts/plot_risk.py --scenarios {params.scenarios} --errors {input} --outputs {output} &> {log}"


rule plot_distances:
    message:
        "Draw the distances to the limit law beside their nulls"
    input:
        expand(f"{RESULTS}/convergence/{{scenario}}/distances.csv", scenario=PLAN.certified),
    output:
        pdf=f"{FIGURES}/distances.pdf",
        png=shown("distances"),
    log:
        f"{RESULTS}/logs/plot_distances.log",
    benchmark:
        f"{RESULTS}/benchmarks/plot_distances.tsv"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=5,
    params:
        scenarios=PLAN.certified,
        code=code_of("plot_distances"),
    shell:
        "python scripts/plot_distances.py --scenarios {params.scenarios} --distances {input} --outputs {output} &> {log}"


rule plot_mnist:
    message:
        "Draw the laws of parameters trained on digits, the accuracy, and how two runs differ"
    input:
        law=f"{RESULTS}/limit/mnist_law.nc",
        particles=first_batch_files("mnist"),
        accuracy=f"{RESULTS}/settling/mnist/accuracy.csv",
        distances=f"{RESULTS}/settling/mnist/distances.csv",
    output:
        pdf=f"{FIGURES}/mnist.pdf",
        png=shown("mnist"),
    log:
        f"{RESULTS}/logs/plot_mnist.log",
    benchmark:
        f"{RESULTS}/benchmarks/plot_mnist.tsv"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=5,
    params:
        code=code_of("plot_mnist"),
    shell:
        "python scripts/plot_mnist.py --law {input.law} --particles {input.particles} --accuracy {input.accuracy}"
        " --distances {input.distances} --outputs {output} &> {log}"


rule plot_constants:
    message:
        "Draw the variances over replicas beside the constants predicted for them"
    input:
        expand(f"{RESULTS}/chaos/{{scenario}}/cells.csv", scenario=PLAN.predicted),
    output:
        pdf=f"{FIGURES}/constants.pdf",
        png=shown("constants"),
    log:
        f"{RESULTS}/logs/plot_constants.log",
    benchmark:
        f"{RESULTS}/benchmarks/plot_constants.tsv"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=5,
    params:
        scenarios=PLAN.predicted,
        code=code_of("plot_constants"),
    shell:
        "python scripts/plot_constants.py --scenarios {params.scenarios} --cells {input} --outputs {output} &> {log}"


rule plot_pulls:
    message:
        "Draw the pulls of all cells beside their null"
    input:
        cells=expand(f"{RESULTS}/chaos/{{scenario}}/cells.csv", scenario=PLAN.predicted),
        nulls=expand(f"{RESULTS}/chaos/{{scenario}}/null_pulls.csv", scenario=PLAN.predicted),
    output:
        pdf=f"{FIGURES}/pulls.pdf",
        png=shown("pulls"),
    log:
        f"{RESULTS}/logs/plot_pulls.log",
    benchmark:
        f"{RESULTS}/benchmarks/plot_pulls.tsv"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=5,
    params:
        scenarios=PLAN.predicted,
        from_widths=[PLAN.constants(name).from_width for name in PLAN.predicted],
        code=code_of("plot_pulls"),
    shell:
        "python scripts/plot_pulls.py --scenarios {params.scenarios} --from-widths {params.from_widths}"
        " --cells {input.cells} --nulls {input.nulls} --outputs {output} &> {log}"


rule plot_chaos:
    message:
        "Draw how the neurons of one network become independent"
    input:
        coupling=f"{RESULTS}/chaos/sine1d/coupling.csv",
        independence=f"{RESULTS}/chaos/sine1d/independence.csv",
        joint=f"{RESULTS}/chaos/sine1d/joint.csv",
    output:
        pdf=f"{FIGURES}/chaos.pdf",
        png=shown("chaos"),
    log:
        f"{RESULTS}/logs/plot_chaos.log",
    benchmark:
        f"{RESULTS}/benchmarks/plot_chaos.tsv"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=5,
    params:
        code=code_of("plot_chaos"),
    shell:
        "python scripts/plot_chaos.py --coupling {input.coupling} --independence {input.independence}"
        " --joint {input.joint} --outputs {output} &> {log}"


def drawn(needed, figure):
    """The files of a figure, none where the run has not what it needs."""
    return figure.output if needed else []


rule figures:
    input:
        rules.plot_rates.output,
        rules.plot_risk.output,
        rules.plot_controls.output,
        drawn("sine1d" in PLAN.names, rules.plot_histograms),
        drawn("sine1d" in PLAN.names, rules.plot_paths),
        drawn("sine1d" in PLAN.names, rules.plot_density),
        drawn("sine1d" in PLAN.coupled, rules.plot_chaos),
        drawn("sine1d" in PLAN.dissected, rules.plot_proof_terms),
        drawn("mnist" in PLAN.classified, rules.plot_mnist),
        drawn(PLAN.certified, rules.plot_distances),
        drawn(PLAN.predicted, rules.plot_constants),
        drawn(PLAN.predicted, rules.plot_pulls),
        drawn("sine1d" in PLAN.grouped, rules.plot_groups),
        drawn(not {"crossings.mnist", "crossings.digits.tolerance"} & {*PLAN.missing_from_paper}, rules.plot_sources),
        drawn("mnist" in PLAN.classified, rules.plot_weights),
