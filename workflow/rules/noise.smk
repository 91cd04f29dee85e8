rule measure_noise:
    message:
        "Say whether noisy networks settle"
    input:
        cells=measured("noise")["cells"],
        networks=of_cases("noise", "trained"),
        predicted=of_cases("noise", "predicted"),
    output:
        table=f"{RESULTS}/ensembles/noise/groups.csv",
        summary=f"{RESULTS}/summary/noise.json",
    params:
        configuration=CONFIGURATION,
        code=digest("".join(PLAN.case_spec("noise", name) for name in STUDIES_OF_CASES["noise"])),
    shell:
        command("measure_noise")


rule plot_noise:
    message:
        "Draw noisy networks beside those without noise"
    input:
        cells=measured("noise")["cells"],
        groups=rules.measure_noise.output.table,
        predicted=of_cases("noise", "predicted"),
    output:
        f"{FIGURES}/noise.pdf",
        shown("noise", "noise"),
    shell:
        command("plot_noise")


rule noise:
    input:
        tables=table("noise", "noise").values(),
        figures=rules.plot_noise.output,
        summaries=[measured("noise")["summary"], rules.measure_noise.output.summary],
