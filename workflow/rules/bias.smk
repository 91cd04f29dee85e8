rule measure_bias:
    message:
        "Hold what is left of the means of finite networks against their predicted bias"
    input:
        cells=measured("bias")["cells"],
    output:
        table=f"{RESULTS}/ensembles/bias/rest.csv",
        summary=f"{RESULTS}/summary/bias.json",
    shell:
        command("measure_bias")


rule plot_bias:
    message:
        "Draw networks of few neurons beside their predicted mean and spread"
    input:
        networks=of_cases("bias", "trained")[0],
        predicted=of_cases("bias", "predicted")[0],
        cells=measured("bias")["cells"],
    output:
        f"{FIGURES}/bias.pdf",
        shown("bias", "bias"),
    shell:
        command("plot_bias")


rule bias:
    input:
        figures=rules.plot_bias.output,
        summaries=[measured("bias")["summary"], rules.measure_bias.output.summary],
