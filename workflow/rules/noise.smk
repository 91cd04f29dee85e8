rule measure_noise:
    message:
        "Say whether noisy networks settle"
    input:
        cells=measured("noise")["cells"],
        predicted=of_cases("noise", "predicted"),
    output:
        summary=f"{RESULTS}/summary/noise.json",
    params:
        from_widths=[case.from_width for case in STUDIES_OF_CASES["noise"].values()],
    shell:
        command("measure_noise")


rule plot_noise:
    message:
        "Draw noisy networks beside those without noise"
    input:
        cells=measured("noise")["cells"],
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
