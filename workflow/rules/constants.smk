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
        summary=f"{RESULTS}/summary/constants_{{scenario}}.json",
    resources:
        mem_mb=growing(3000),
        runtime=growing(20),
    params:
        pairs=lambda wildcards: [name for pair in experiment(wildcards).scenario.pairs for name in pair],
        from_width=lambda wildcards: experiment(wildcards).fluctuations.from_width,
        seed=PLAN.run.root_seed,
    shell:
        command(
            "measure_constants.py --scenario {wildcards.scenario} --limit {input.limit} --predicted {input.predicted}"
            " --particles {input.particles} --pairs {params.pairs:q} --from-width {params.from_width}"
            " --root-seed {params.seed} --cells {output.cells} --null {output.null} --summary {output.summary}"
        )


rule plot_constants:
    message:
        "Draw the variances over replicas beside the constants predicted for them"
    input:
        expand(f"{RESULTS}/chaos/{{scenario}}/cells.csv", scenario=CONSTANTS.names),
    output:
        pdf=f"{FIGURES}/constants.pdf",
        png=shown("constants", "constants"),
    params:
        scenarios=CONSTANTS.names,
    shell:
        command("plot_constants.py --scenarios {params.scenarios} --cells {input} --outputs {output}")


rule plot_pulls:
    message:
        "Draw the pulls of all cells beside their null"
    input:
        cells=expand(f"{RESULTS}/chaos/{{scenario}}/cells.csv", scenario=CONSTANTS.names),
        nulls=expand(f"{RESULTS}/chaos/{{scenario}}/null_pulls.csv", scenario=CONSTANTS.names),
    output:
        pdf=f"{FIGURES}/pulls.pdf",
        png=shown("constants", "pulls"),
    params:
        scenarios=CONSTANTS.names,
        from_widths=[PLAN.experiments[name].fluctuations.from_width for name in CONSTANTS.names],
    shell:
        command(
            "plot_pulls.py --scenarios {params.scenarios} --from-widths {params.from_widths} --cells {input.cells}"
            " --nulls {input.nulls} --outputs {output}"
        )


rule constants:
    input:
        figures=[rules.plot_constants.output, rules.plot_pulls.output],
        summaries=expand(f"{RESULTS}/summary/constants_{{scenario}}.json", scenario=CONSTANTS.names),
