SPARSITY = PLAN.studies["sparsity"]


rule measure_sparsity:
    message:
        "Compare the constants of networks whose neurons see some of the inputs"
    input:
        cells=measured("sparsity")["cells"],
    output:
        table=f"{RESULTS}/ensembles/sparsity/constants.csv",
        summary=f"{RESULTS}/summary/sparsity.json",
    params:
        inputs=list(SPARSITY.inputs(PLAN.experiments).values()),
        from_width=max(case.from_width for case in SPARSITY.cases.values()),
    shell:
        command("measure_sparsity")


rule plot_sparsity:
    message:
        "Draw constants against the number of inputs that a neuron sees"
    input:
        cells=measured("sparsity")["cells"],
        constants=rules.measure_sparsity.output.table,
    output:
        f"{FIGURES}/sparsity.pdf",
        shown("sparsity", "sparsity"),
    shell:
        command("plot_sparsity")


rule sparsity:
    input:
        tables=table("sparsity", "sparsity").values(),
        figures=rules.plot_sparsity.output,
        summaries=[measured("sparsity")["summary"], rules.measure_sparsity.output.summary],
