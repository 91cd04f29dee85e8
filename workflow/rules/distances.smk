DISTANCES = PLAN.studies["distances"]


rule measure_distances:
    message:
        "Measure the distances of {wildcards.scenario} to the limit law and fit their rates"
    input:
        law=f"{RESULTS}/limit/{{scenario}}_law.nc",
        particles=cloud_records,
    output:
        distances=f"{RESULTS}/convergence/{{scenario}}/distances.csv",
        summary=f"{RESULTS}/summary/distances_{{scenario}}.json",
    params:
        **RESAMPLED,
        scenario="{scenario}",
        clouds=lambda wildcards: [plan.clouds for plan in experiment(wildcards).trained.widths if plan.clouds],
    shell:
        command("measure_distances")


rule plot_distances:
    message:
        "Draw the distances to the limit law beside their nulls"
    input:
        distances=expand(f"{RESULTS}/convergence/{{scenario}}/distances.csv", scenario=DISTANCES.names),
    output:
        f"{FIGURES}/distances.pdf",
        shown("distances", "distances"),
    params:
        scenarios=DISTANCES.names,
    shell:
        command("plot_distances")


rule plot_histograms:
    message:
        "Draw the laws of trained parameters beside the limit law"
    input:
        law=f"{RESULTS}/limit/{DISTANCES.histograms}_law.nc",
        particles=lambda wildcards: first_records(DISTANCES.histograms),
    output:
        f"{FIGURES}/histograms.pdf",
        shown("distances", "histograms"),
    shell:
        command("plot_histograms")


rule distances:
    input:
        figures=[rules.plot_distances.output, rules.plot_histograms.output if DISTANCES.histograms else []],
        summaries=expand(f"{RESULTS}/summary/distances_{{scenario}}.json", scenario=DISTANCES.names),
