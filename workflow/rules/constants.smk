CONSTANTS = PLAN.studies["constants"]


rule measure_constants:
    message:
        "Hold the variances of {wildcards.scenario} against their predictions"
    input:
        limit=f"{RESULTS}/limit/{{scenario}}.nc",
        predicted=f"{RESULTS}/limit/{{scenario}}_fluctuations.nc",
        particles=every_record,
    output:
        cells=f"{RESULTS}/chaos/{{scenario}}/cells.csv",
        null=f"{RESULTS}/chaos/{{scenario}}/null_pulls.csv",
        largest=f"{RESULTS}/chaos/{{scenario}}/largest.csv",
        summary=f"{RESULTS}/summary/constants_{{scenario}}.json",
    params:
        scenario="{scenario}",
        pairs=lambda wildcards: [name for pair in experiment(wildcards).scenario.pairs for name in pair],
        from_width=lambda wildcards: experiment(wildcards).fluctuations.from_width,
        root_seed=PLAN.run.root_seed,
    shell:
        command("measure_constants")


rule plot_constants:
    message:
        "Draw the variances over replicas beside the constants predicted for them"
    input:
        cells=expand(f"{RESULTS}/chaos/{{scenario}}/cells.csv", scenario=CONSTANTS.names),
    output:
        f"{FIGURES}/constants.pdf",
        shown("constants", "constants"),
    params:
        scenarios=CONSTANTS.names,
    shell:
        command("plot_constants")


rule plot_pulls:
    message:
        "Draw the pulls of all cells beside their null"
    input:
        cells=expand(f"{RESULTS}/chaos/{{scenario}}/cells.csv", scenario=CONSTANTS.names),
        nulls=expand(f"{RESULTS}/chaos/{{scenario}}/null_pulls.csv", scenario=CONSTANTS.names),
    output:
        f"{FIGURES}/pulls.pdf",
        shown("constants", "pulls"),
    params:
        scenarios=CONSTANTS.names,
        from_widths=[PLAN.experiments[name].fluctuations.from_width for name in CONSTANTS.names],
    shell:
        command("plot_pulls")


rule constants:
    input:
        figures=[rules.plot_constants.output, rules.plot_pulls.output],
        summaries=expand(f"{RESULTS}/summary/constants_{{scenario}}.json", scenario=CONSTANTS.names),
