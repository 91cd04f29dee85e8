SETTLING = PLAN.studies["settling"]


rule measure_settling:
    message:
        "Measure how the trained laws of {wildcards.scenario} settle with the width"
    input:
        data=f"{RESULTS}/data/{{scenario}}.nc",
        limit=f"{RESULTS}/limit/{{scenario}}.nc",
        law=f"{RESULTS}/limit/{{scenario}}_law.nc",
        particles=cloud_records,
        recorded=SETTLING.summaries,
    output:
        distances=f"{RESULTS}/settling/{{scenario}}/distances.csv",
        accuracy=f"{RESULTS}/settling/{{scenario}}/accuracy.csv",
        summary=f"{RESULTS}/summary/settling_{{scenario}}.json",
    params:
        **RESAMPLED,
        scenario="{scenario}",
    shell:
        command("measure_settling")


rule plot_settling:
    message:
        "Draw the laws of trained parameters, the accuracy, and how two runs differ"
    input:
        law=f"{RESULTS}/limit/{SETTLING.scenario}_law.nc",
        particles=first_records(SETTLING.scenario),
        recorded=SETTLING.summaries,
        accuracy=f"{RESULTS}/settling/{SETTLING.scenario}/accuracy.csv",
        distances=f"{RESULTS}/settling/{SETTLING.scenario}/distances.csv",
    output:
        f"{FIGURES}/settling.pdf",
        shown("settling", "settling"),
    params:
        weight=SETTLING.weight,
    shell:
        command("plot_settling")


rule tabulate_settling:
    message:
        "Tabulate the networks on images by width"
    input:
        accuracy=f"{RESULTS}/settling/{SETTLING.scenario}/accuracy.csv",
        distances=f"{RESULTS}/settling/{SETTLING.scenario}/distances.csv",
    output:
        **table("settling", "settling"),
    shell:
        command("tabulate_settling")


rule plot_weights:
    message:
        "Draw the weights of a few neurons as images"
    input:
        particles=first_records(SETTLING.scenario)[-1:],
    output:
        f"{FIGURES}/weights.pdf",
        shown("settling", "weights"),
    shell:
        command("plot_weights")


rule settling:
    input:
        tables=rules.tabulate_settling.output,
        figures=[rules.plot_settling.output, rules.plot_weights.output],
        summaries=f"{RESULTS}/summary/settling_{SETTLING.scenario}.json",
