PAPER_SOURCES = [HOME / "paper/main.tex", *HOME.files("paper/sections/*.tex")]
PDF_FIGURES = [path for path in made("figures") if path.endswith(".pdf")]


rule write_numbers:
    message:
        "Define every number the paper shows"
    input:
        summaries=[*SUMMARIES, rules.verify_claims.output.summary, rules.tabulate_runtimes.output.summary],
        sources=PAPER_SOURCES,
    output:
        f"{PAPER}/generated/numbers.tex",
    params:
        asked=PLAN.asked,
    shell:
        command("write_numbers")


rule link_figures:
    message:
        "Name the code that drew each figure, at its commit"
    input:
        PDF_FIGURES,  # drawn anew, they may be by other code
    output:
        f"{PAPER}/generated/figure_links.tex",
    params:
        scripts=[HOME / f"scripts/plot_{Path(figure).stem}.py" for figure in PDF_FIGURES],
        code=[HOME.repository.last_change("src/mfnn/studies", "src/mfnn/show"), HOME.web_address],
    shell:
        command("link_figures")


# What `make bench` left, if it was run: its peers are not in the environment, so it is no rule.
KERNEL_TIMES = [
    path for path in (f"results/benchmarks/kernels.{kind}" for kind in ("tex", "pdf")) if Path(path).exists()
]


rule build_paper:
    message:
        "Build the paper"
    input:
        sources=[*PAPER_SOURCES, HOME / "paper/refs.bib"],
        figures=PDF_FIGURES,
        generated=[rules.write_numbers.output, rules.link_figures.output, rules.tables.input, *KERNEL_TIMES],
    output:
        update(f"{PAPER}/main.pdf"),  # that of an earlier run stays until there is another
    params:
        build_folder=f"{RESULTS}/paper_build",
        epoch=HOME.last_commit_time,
        asked=PLAN.asked,
    shell:
        command("build_paper")


rule paper:
    input:
        rules.build_paper.output,
