EXPONENTS = [case.protocol.output_exponent for case in STUDIES_OF_CASES["normalisation"].values()]


rule measure_normalisation:
    message:
        "Hold outputs and parameters against the predictions for each normalisation"
    input:
        networks=of_cases("normalisation", "trained"),
        predicted=of_cases("normalisation", "predicted"),
        cells=measured("normalisation")["cells"],
    output:
        table=f"{RESULTS}/ensembles/normalisation/distances.csv",
        summary=f"{RESULTS}/summary/normalisation.json",
    params:
        exponents=EXPONENTS,
        from_widths=[case.from_width for case in STUDIES_OF_CASES["normalisation"].values()],
    shell:
        command("measure_normalisation")


rule plot_normalisation:
    message:
        "Draw what lies between the kernel's normalisation and the mean field's"
    input:
        cells=measured("normalisation")["cells"],
        predicted=of_cases("normalisation", "predicted"),
        distances=rules.measure_normalisation.output.table,
    output:
        f"{FIGURES}/normalisation.pdf",
        shown("normalisation", "normalisation"),
    params:
        exponents=EXPONENTS,
    shell:
        command("plot_normalisation")


rule normalisation:
    input:
        tables=table("normalisation", "normalisation").values(),
        figures=rules.plot_normalisation.output,
        summaries=[measured("normalisation")["summary"], rules.measure_normalisation.output.summary],
