PATHS = 40  # replicas whose paths are drawn


def spread(widths, count=4):
    """So many of the widths, evenly spread from the smallest to the largest."""
    last, steps = len(widths) - 1, max(min(count, len(widths)) - 1, 1)
    return [widths[round(step * last / steps)] for step in range(steps + 1)]


def first_batch_files(scenario):
    """The first training job of each of four widths, in which all particles are kept."""
    return expand(f"{RESULTS}/particles/{scenario}/N{{width}}/batch0.nc", width=spread(PLAN.widths(scenario)))


def path_files(scenario, count):
    """The training jobs of each of four widths that have the first `count` replicas."""
    shown = [PLAN.width(scenario, width) for width in spread(PLAN.widths(scenario))]
    return [
        f"{RESULTS}/particles/{scenario}/N{plan.width}/batch{batch}.nc"
        for plan in shown
        for batch in plan.batches
        if plan.members(batch)[0] < count
    ]


rule plot_histograms:
    input:
        law=f"{RESULTS}/limit/sine1d_law.nc",
        particles=first_batch_files("sine1d"),
    output:
        pdf=f"{FIGURES}/histograms.pdf",
        png=f"{FIGURES}/histograms.png",
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
    message:
        "Draw the laws of trained parameters beside the limit law"
    shell:
        "python scripts/plot_histograms.py --law {input.law} --particles {input.particles} --outputs {output} &> {log}"


rule plot_rates:
    input:
        errors=expand(f"{RESULTS}/convergence/{{scenario}}/errors.csv", scenario=PLAN.names),
        sup=expand(f"{RESULTS}/convergence/{{scenario}}/sup.csv", scenario=PLAN.names),
        fits=expand(f"{RESULTS}/convergence/{{scenario}}/fits.csv", scenario=PLAN.names),
    output:
        pdf=f"{FIGURES}/rates.pdf",
        png=f"{FIGURES}/rates.png",
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
    message:
        "Draw the errors against the width with their fitted rates"
    shell:
        "python scripts/plot_rates.py --scenarios {params.scenarios} --errors {input.errors} --sup {input.sup}"
        " --fits {input.fits} --outputs {output} &> {log}"


rule plot_paths:
    input:
        limit=f"{RESULTS}/limit/sine1d.nc",
        particles=path_files("sine1d", PATHS),
    output:
        pdf=f"{FIGURES}/paths.pdf",
        png=f"{FIGURES}/paths.png",
    log:
        f"{RESULTS}/logs/plot_paths.log",
    benchmark:
        f"{RESULTS}/benchmarks/plot_paths.tsv"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=5,
    params:
        replicas=PATHS,
        code=code_of("plot_paths"),
    message:
        "Draw the paths of replicas closing in on the limit path"
    shell:
        "python scripts/plot_paths.py --limit {input.limit} --particles {input.particles}"
        " --observable 'c*w0' --replicas {params.replicas} --outputs {output} &> {log}"


rule plot_risk:
    input:
        expand(f"{RESULTS}/convergence/{{scenario}}/errors.csv", scenario=PLAN.names),
    output:
        pdf=f"{FIGURES}/risk.pdf",
        png=f"{FIGURES}/risk.png",
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
    message:
        "Draw the population risk over time by width and in the limit"
    shell:
        "python scripts/plot_risk.py --scenarios {params.scenarios} --errors {input} --outputs {output} &> {log}"


rule plot_distances:
    input:
        expand(f"{RESULTS}/convergence/{{scenario}}/distances.csv", scenario=PLAN.certified),
    output:
        pdf=f"{FIGURES}/distances.pdf",
        png=f"{FIGURES}/distances.png",
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
    message:
        "Draw the distances to the limit law beside their nulls"
    shell:
        "python scripts/plot_distances.py --scenarios {params.scenarios} --distances {input} --outputs {output} &> {log}"


rule plot_mnist:
    input:
        law=f"{RESULTS}/limit/mnist_law.nc",
        particles=first_batch_files("mnist"),
        accuracy=f"{RESULTS}/settling/mnist/accuracy.csv",
        distances=f"{RESULTS}/settling/mnist/distances.csv",
    output:
        pdf=f"{FIGURES}/mnist.pdf",
        png=f"{FIGURES}/mnist.png",
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
    message:
        "Draw the laws of parameters trained on digits, the accuracy, and how two runs differ"
    shell:
        "python scripts/plot_mnist.py --law {input.law} --particles {input.particles} --accuracy {input.accuracy}"
        " --distances {input.distances} --outputs {output} &> {log}"


rule figures:
    input:
        rules.plot_histograms.output,
        rules.plot_rates.output,
        rules.plot_paths.output,
        rules.plot_risk.output,
        rules.plot_distances.output,
        rules.plot_mnist.output,
