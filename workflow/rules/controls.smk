rule train_controls:
    message:
        "Train networks in other ways and with an assumption broken"
    output:
        f"{RESULTS}/controls/runs.csv",
    priority: 10
    resources:
        mem_mb=growing(1500),
        runtime=growing(240),
    params:
        spec=PLAN.variant_specs,
        seed=PLAN.run.root_seed,
    shell:
        command("train_controls.py --spec {params.spec:q} --root-seed {params.seed} --output {output}")


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
    resources:
        mem_mb=growing(2000),
        runtime=growing(10),
    params:
        spec=PLAN.variant_specs,
        resamples=PLAN.run.resamples,
        seed=PLAN.run.root_seed,
    shell:
        command(
            "measure_controls.py --spec {params.spec:q} --runs {input} --resamples {params.resamples}"
            " --root-seed {params.seed} --variances {output.variances} --sizes {output.sizes} --fits {output.fits}"
            " --summary {output.summary}"
        )


rule plot_controls:
    message:
        "Draw what the fluctuation formula predicts of other ways to train, and the negative controls"
    input:
        variances=rules.measure_controls.output.variances,
        sizes=rules.measure_controls.output.sizes,
        fits=rules.measure_controls.output.fits,
    output:
        pdf=f"{FIGURES}/controls.pdf",
        png=shown("controls", "controls"),
    shell:
        command(
            "plot_controls.py --variances {input.variances} --sizes {input.sizes} --fits {input.fits}"
            " --outputs {output}"
        )


rule tabulate_controls:
    message:
        "Tabulate the negative controls"
    input:
        variances=rules.measure_controls.output.variances,
        fits=rules.measure_controls.output.fits,
    output:
        table("controls", "controls"),
    shell:
        command(
            "tabulate_controls.py --variances {input.variances} --fits {input.fits} --table {output[0]}"
            " --csv {output[1]}"
        )


rule controls:
    input:
        figures=rules.plot_controls.output,
        tables=rules.tabulate_controls.output,
        summaries=rules.measure_controls.output.summary,
