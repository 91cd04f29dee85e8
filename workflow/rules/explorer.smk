EXPLORED = PLAN.studies["explorer"].scenario


rule plot_explorer:
    message:
        "Write the page on which the networks and the limit are explored"
    input:
        frames=f"{RESULTS}/film/{EXPLORED}.nc",
        cells=f"{RESULTS}/chaos/{EXPLORED}/cells.csv",
        template=HOME / "workflow/report/explore.html",
    output:
        f"{FIGURES}/explore.html",  # not in the report: browsers open no page of this size from within another
    shell:
        command("plot_explorer")


rule execute_tour:
    message:
        "Take the tour: execute the notebook on these results"
    input:
        f"{RESULTS}/convergence/{EXPLORED}/errors.csv",
        f"{RESULTS}/chaos/{EXPLORED}/cells.csv",
        f"{RESULTS}/chaos/{EXPLORED}/coupling.csv",
        f"{RESULTS}/verdicts.csv",
        notebook=HOME / "notebooks/tour.ipynb",
        scenario=f"{SCENARIOS}/{EXPLORED}.yaml",
    output:
        f"{RESULTS}/tour.html",
    params:
        results=lambda wildcards, output: str(Path(output[0]).parent),
        code=[HOME.code_of("film_networks"), HOME.code_of("predict_fluctuations")],  # what the notebook runs live
    shell:
        command("execute_tour")


rule explorer:
    input:
        pages=[rules.plot_explorer.output, rules.execute_tour.output],
