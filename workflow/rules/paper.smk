PAPER_SOURCES = ["paper/main.tex", *sorted(map(str, Path("paper/sections").glob("*.tex")))]


rule write_numbers:
    message:
        "Define every number the paper shows"
    input:
        summaries=[*SUMMARIES, rules.verify_claims.output.summary, rules.tabulate_runtimes.output.summary],
        sources=PAPER_SOURCES,
    output:
        f"{PAPER}/generated/numbers.tex",
    log:
        f"{RESULTS}/logs/write_numbers.log",
    benchmark:
        f"{RESULTS}/benchmarks/write_numbers.tsv"
    threads: 1
    resources:
        mem_mb=500,
        runtime=5,
    params:
        code=code_of("write_numbers"),
    shell:
        "python scripts/write_numbers.py --summaries {input.summaries} --sources {input.sources} --output {output}"
        " &> {log}"


def figures_of_the_paper(wildcards):
    """The figures as PDF; a run that leaves out what the paper shows is refused in one line."""
    if missing := PLAN.missing_from_paper:
        refuse(SpecError("scenarios", PLAN.names, f"for the paper, also {', '.join(missing)}"))
    return [path for path in rules.figures.input if str(path).endswith(".pdf")]


rule link_figures:
    message:
        "Name the code that drew each figure, at its commit"
    input:
        figures_of_the_paper,  # drawn anew, they may be by other code
    output:
        f"{PAPER}/generated/figure_links.tex",
    log:
        f"{RESULTS}/logs/link_figures.log",
    benchmark:
        f"{RESULTS}/benchmarks/link_figures.tsv"
    threads: 1
    resources:
        mem_mb=500,
        runtime=5,
    params:
        scripts=lambda wildcards, input: [f"scripts/plot_{Path(figure).stem}.py" for figure in input],
        commit=git("log", "-1", "--format=%H", "--", "src/mfnn/studies", "src/mfnn/show"),
        repository=web_address(git("remote", "get-url", "origin")),
        code=code_of("link_figures"),
    shell:
        "python scripts/link_figures.py --scripts {params.scripts} --output {output} &> {log}"


# What `make bench` left, if it was run: its peers are not in the environment, so it is no rule.
KERNEL_TIMES = [
    path for path in (f"results/benchmarks/kernels.{kind}" for kind in ("tex", "pdf")) if Path(path).exists()
]


rule build_paper:
    message:
        "Build the paper"
    input:
        sources=[*PAPER_SOURCES, "paper/refs.bib"],
        figures=figures_of_the_paper,
        generated=[rules.write_numbers.output, rules.link_figures.output, rules.tables.input, *KERNEL_TIMES],
    output:
        f"{PAPER}/main.pdf",
    log:
        f"{RESULTS}/logs/build_paper.log",
    benchmark:
        f"{RESULTS}/benchmarks/build_paper.tsv"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        folder=f"{RESULTS}/paper_build",
        epoch=last_commit_time(),
        code=code_of("build_paper"),
    shell:
        "python scripts/build_paper.py --sources {input.sources} --figures {input.figures}"
        " --generated {input.generated} --build-folder {params.folder} --epoch {params.epoch} --output {output} &> {log}"


rule paper:
    input:
        rules.build_paper.output,
