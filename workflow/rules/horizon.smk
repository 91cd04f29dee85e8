rule measure_horizon:
    message:
        "Say how long the limit describes networks, and how wide they must be"
    input:
        cells=measured("horizon")["cells"],
        predicted=of_cases("horizon", "predicted"),
    output:
        table=f"{RESULTS}/ensembles/horizon/needed.csv",
        summary=f"{RESULTS}/summary/horizon.json",
    shell:
        command("measure_horizon")


rule plot_horizon:
    message:
        "Draw variances, biases and the width needed through long times"
    input:
        cells=measured("horizon")["cells"],
        needed=rules.measure_horizon.output.table,
    output:
        f"{FIGURES}/horizon.pdf",
        shown("horizon", "horizon"),
    shell:
        command("plot_horizon")


rule horizon:
    input:
        figures=rules.plot_horizon.output,
        summaries=[measured("horizon")["summary"], rules.measure_horizon.output.summary],
