rule train_controls:
    message:
        "Train networks in other ways and with an assumption broken"
    output:
        f"{RESULTS}/controls/runs.csv",
    log:
        f"{RESULTS}/logs/train_controls.log",
    benchmark:
        f"{RESULTS}/benchmarks/train_controls.tsv"
    threads: 1
    priority: 10
    resources:
        mem_mb=growing(1500),
        runtime=growing(240),
    params:
        spec=PLAN.control_spec,
        seed=PLAN.run.root_seed,
        code=code_of("train_controls"),
    shell:
        "python scripts/train_controls.py --spec {params.spec:q} --root-seed {params.seed} --output {output} &> {log}"


rule measure_controls:
    message:
        "Hold these networks against what is predicted of them"
    input:
        rules.train_controls.output,
    output:
        variances=f"{RESULTS}/controls/variances.csv",
        sizes=f"{RESULTS}/controls/sizes.csv",
        fits=f"{RESULTS}/controls/fits.csv",
        summary=f"{RESULTS}/summary/controls.json",
    log:
        f"{RESULTS}/logs/measure_controls.log",
    benchmark:
        f"{RESULTS}/benchmarks/measure_controls.tsv"
    threads: 1
    resources:
        mem_mb=growing(2000),
        runtime=growing(10),
    params:
        spec=PLAN.control_spec,
        resamples=PLAN.run.resamples,
        seed=PLAN.run.root_seed,
        code=code_of("measure_controls"),
    shell:
        "python scripts/measure_controls.py --spec {params.spec:q} --runs {input} --resamples {params.resamples}"
        " --root-seed {params.seed} --variances {output.variances} --sizes {output.sizes} --fits {output.fits}"
        " --summary {output.summary} &> {log}"


rule plot_controls:
    message:
        "Draw what the fluctuation formula predicts of other ways to train, and the negative controls"
    input:
        variances=rules.measure_controls.output.variances,
        sizes=rules.measure_controls.output.sizes,
        fits=rules.measure_controls.output.fits,
    output:
        pdf=f"{FIGURES}/controls.pdf",
        png=shown("controls"),
    log:
        f"{RESULTS}/logs/plot_controls.log",
    benchmark:
        f"{RESULTS}/benchmarks/plot_controls.tsv"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=5,
    params:
        code=code_of("plot_controls"),
    shell:
        "python scripts/plot_controls.py --variances {input.variances} --sizes {input.sizes} --fits {input.fits}"
        " --outputs {output} &> {log}"


rule tabulate_controls:
    message:
        "Tabulate the negative controls"
    input:
        variances=rules.measure_controls.output.variances,
        fits=rules.measure_controls.output.fits,
    output:
        table=f"{PAPER}/generated/table_controls.tex",
        csv=f"{RESULTS}/tables/controls.csv",
    log:
        f"{RESULTS}/logs/tabulate_controls.log",
    benchmark:
        f"{RESULTS}/benchmarks/tabulate_controls.tsv"
    threads: 1
    resources:
        mem_mb=500,
        runtime=5,
    params:
        code=code_of("tabulate_controls"),
    shell:
        "python scripts/tabulate_controls.py --variances {input.variances} --fits {input.fits} --table {output.table}"
        " --csv {output.csv} &> {log}"
