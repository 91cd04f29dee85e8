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
    resources:
        mem_mb=growing(lambda wildcards: 3000 + experiment(wildcards).draws // 1000),
        runtime=growing(30),
    params:
        clouds=lambda wildcards: [plan.clouds for plan in experiment(wildcards).trained.widths if plan.clouds],
        resamples=PLAN.run.resamples,
        seed=PLAN.run.root_seed,
    shell:
        command(
            "measure_distances.py --scenario {wildcards.scenario} --law {input.law} --particles {input.particles}"
            " --clouds {params.clouds} --resamples {params.resamples} --root-seed {params.seed}"
            " --distances {output.distances} --summary {output.summary}"
        )


rule plot_distances:
    message:
        "Draw the distances to the limit law beside their nulls"
    input:
        expand(f"{RESULTS}/convergence/{{scenario}}/distances.csv", scenario=DISTANCES.names),
    output:
        pdf=f"{FIGURES}/distances.pdf",
        png=shown("distances", "distances"),
    params:
        scenarios=DISTANCES.names,
    shell:
        command("plot_distances.py --scenarios {params.scenarios} --distances {input} --outputs {output}")


rule plot_histograms:
    message:
        "Draw the laws of trained parameters beside the limit law"
    input:
        law=f"{RESULTS}/limit/{DISTANCES.histograms}_law.nc",
        particles=lambda wildcards: first_records(DISTANCES.histograms),
    output:
        pdf=f"{FIGURES}/histograms.pdf",
        png=shown("distances", "histograms"),
    shell:
        command("plot_histograms.py --law {input.law} --particles {input.particles} --outputs {output}")


rule distances:
    input:
        figures=[rules.plot_distances.output, rules.plot_histograms.output if DISTANCES.histograms else []],
        summaries=expand(f"{RESULTS}/summary/distances_{{scenario}}.json", scenario=DISTANCES.names),
