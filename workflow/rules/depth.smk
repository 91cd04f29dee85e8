DEPTH = PLAN.studies["depth"].deep(PLAN.experiments)  # beside them there may be cases whose predictions have to fail
DEEP_PREDICTIONS = [f"{RESULTS}/ensembles/depth/{name}/predicted.nc" for name in DEPTH]


rule measure_depth:
    message:
        "Measure which weights between two hidden layers stay dependent"
    input:
        networks=[f"{RESULTS}/ensembles/depth/{name}/trained.nc" for name in DEPTH],
        predicted=DEEP_PREDICTIONS,
    output:
        table=f"{RESULTS}/ensembles/depth/weights.csv",
        summary=f"{RESULTS}/summary/depth.json",
    params:
        cases=list(DEPTH),
    shell:
        command("measure_depth")


rule plot_depth:
    message:
        "Draw two hidden layers beside their limit"
    input:
        cells=measured("depth")["cells"],
        predicted=DEEP_PREDICTIONS,
        weights=rules.measure_depth.output.table,
    output:
        f"{FIGURES}/depth.pdf",
        shown("depth", "depth"),
    params:
        cases=list(DEPTH),
        titles=[case.shape for case in DEPTH.values()],
    shell:
        command("plot_depth")


rule depth:
    input:
        tables=table("depth", "depth").values(),
        figures=rules.plot_depth.output,
        summaries=[measured("depth")["summary"], rules.measure_depth.output.summary],
