DEPTH = PLAN.studies["depth"].deep(PLAN.experiments)  # beside them there may be cases whose predictions have to fail
FIRST_LAYER = PLAN.studies["depth"].first_layer
DEEP_PREDICTIONS = [f"{RESULTS}/ensembles/depth/{name}/predicted.nc" for name in DEPTH]


def of_first_layer(kind):
    """What is `trained` or `predicted` of the cases whose first layer moves or not."""
    return [f"{RESULTS}/ensembles/depth/{name}/{kind}.nc" for name in FIRST_LAYER]


rule measure_moves:
    message:
        "Measure how far the first of two hidden layers moves"
    input:
        networks=of_first_layer("trained"),
        predicted=of_first_layer("predicted"),
    output:
        table=f"{RESULTS}/ensembles/depth/moves.csv",
        summary=f"{RESULTS}/summary/depth_moves.json",
    params:
        cases=list(FIRST_LAYER),
    shell:
        command("measure_moves")


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
        moves=rules.measure_moves.output.table,
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
        summaries=[
            measured("depth")["summary"],
            rules.measure_depth.output.summary,
            rules.measure_moves.output.summary,
        ],
