rule reported:
    input:
        rules.figures.input,
        rules.tables.input,
        rules.verify.input,
        rules.pages.input,


rule write_report:
    message:
        "Write the report: all figures and tables with how they were made, in one page"
    input:
        rules.reported.input,
        style=HOME / "workflow/report/style.css",
    output:
        f"{RESULTS}/report.html",
    params:
        snakefile=HOME / "Snakefile",
        configuration=CONFIGURATION,
    shell:
        command("write_report")


rule results:
    input:
        rules.reported.input,
        [] if IS_MODULE else rules.write_report.output,
