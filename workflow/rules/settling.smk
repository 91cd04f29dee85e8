SETTLING = PLAN.studies["settling"]


rule measure_settling:
    message:
        "Measure how the trained laws of {wildcards.scenario} settle with the width"
    input:
        data=f"{RESULTS}/data/{{scenario}}.nc",
        limit=f"{RESULTS}/limit/{{scenario}}.nc",
        law=f"{RESULTS}/limit/{{scenario}}_law.nc",
        particles=cloud_records,
    output:
        distances=f"{RESULTS}/settling/{{scenario}}/distances.csv",
        accuracy=f"{RESULTS}/settling/{{scenario}}/accuracy.csv",
        summary=f"{RESULTS}/summary/settling_{{scenario}}.json",
    resources:
        mem_mb=growing(6000),
        runtime=growing(20),
    params:
        resamples=PLAN.run.resamples,
        seed=PLAN.run.root_seed,
    shell:
        command(
            "measure_settling.py --scenario {wildcards.scenario} --data {input.data} --limit {input.limit}"
            " --law {input.law} --particles {input.particles} --resamples {params.resamples} --root-seed {params.seed}"
            " --distances {output.distances} --accuracy {output.accuracy} --summary {output.summary}"
        )


rule plot_settling:
    message:
        "Draw the laws of trained parameters, the accuracy, and how two runs differ"
    input:
        law=f"{RESULTS}/limit/{SETTLING.scenario}_law.nc",
        particles=first_records(SETTLING.scenario),
        accuracy=f"{RESULTS}/settling/{SETTLING.scenario}/accuracy.csv",
        distances=f"{RESULTS}/settling/{SETTLING.scenario}/distances.csv",
    output:
        pdf=f"{FIGURES}/settling.pdf",
        png=shown("settling", "settling"),
    params:
        weight=SETTLING.weight,
    shell:
        command(
            "plot_settling.py --law {input.law} --particles {input.particles} --weight {params.weight}"
            " --accuracy {input.accuracy} --distances {input.distances} --outputs {output}"
        )


rule plot_weights:
    message:
        "Draw the weights of a few neurons as images"
    input:
        first_records(SETTLING.scenario)[-1:],
    output:
        pdf=f"{FIGURES}/weights.pdf",
        png=shown("settling", "weights"),
    shell:
        command("plot_weights.py --particles {input} --outputs {output}")


rule settling:
    input:
        figures=[rules.plot_settling.output, rules.plot_weights.output],
        summaries=f"{RESULTS}/summary/settling_{SETTLING.scenario}.json",
