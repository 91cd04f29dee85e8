rule train_controls:
    message:
        "Train networks in other ways and with an assumption broken"
    output:
        f"{RESULTS}/controls/runs.csv",
    priority: 10
    params:
        configuration=CONFIGURATION,
        scenarios=SCENARIOS,
        code=digest(PLAN.variant_specs),
        root_seed=PLAN.run.root_seed,
    shell:
        command("train_controls")


rule measure_controls:
    message:
        "Hold these networks against what is predicted of them"
    input:
        runs=rules.train_controls.output,
    output:
        variances=f"{RESULTS}/controls/variances.csv",
        sizes=f"{RESULTS}/controls/sizes.csv",
        fits=f"{RESULTS}/controls/fits.csv",
        summary=f"{RESULTS}/summary/controls.json",
    params:
        **RESAMPLED,
        configuration=CONFIGURATION,
        scenarios=SCENARIOS,
        code=digest(PLAN.variant_specs),
    shell:
        command("measure_controls")


rule plot_controls:
    message:
        "Draw what the fluctuation formula predicts of other ways to train, and the negative controls"
    input:
        variances=rules.measure_controls.output.variances,
        sizes=rules.measure_controls.output.sizes,
        fits=rules.measure_controls.output.fits,
    output:
        f"{FIGURES}/controls.pdf",
        shown("controls", "controls"),
    shell:
        command("plot_controls")


rule tabulate_controls:
    message:
        "Tabulate the negative controls"
    input:
        variances=rules.measure_controls.output.variances,
        fits=rules.measure_controls.output.fits,
    output:
        **table("controls", "controls"),
    shell:
        command("tabulate_controls")


rule controls:
    input:
        figures=rules.plot_controls.output,
        tables=rules.tabulate_controls.output,
        summaries=rules.measure_controls.output.summary,
