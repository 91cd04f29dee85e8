rule film_networks:
    message:
        "Follow one network of each of three widths, and the limit, through time"
    input:
        data=f"{RESULTS}/data/sine1d.nc",
    output:
        f"{RESULTS}/film/sine1d.nc",
    log:
        f"{RESULTS}/logs/film_networks.log",
    benchmark:
        f"{RESULTS}/benchmarks/film_networks.tsv"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        widths=[100, 1000, 10000],
        frames=21,
        points=61,
        seed=PLAN.run.root_seed,
        code=code_of("film_networks"),
    shell:
        "python scripts/film_networks.py --data {input.data} --widths {params.widths} --frames {params.frames}"
        " --points {params.points} --root-seed {params.seed} --output {output} &> {log}"


rule plot_film:
    message:
        "Draw the particles following the density, as an animated picture"
    input:
        rules.film_networks.output,
    output:
        f"{FIGURES}/film.gif",
    log:
        f"{RESULTS}/logs/plot_film.log",
    benchmark:
        f"{RESULTS}/benchmarks/plot_film.tsv"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=5,
    params:
        code=code_of("plot_film"),
    shell:
        "python scripts/plot_film.py --frames {input} --output {output} &> {log}"


rule plot_explorer:
    message:
        "Write the page on which the networks and the limit are explored"
    input:
        frames=rules.film_networks.output,
        cells=f"{RESULTS}/chaos/sine1d/cells.csv",
        template="workflow/report/explore.html",
    output:
        f"{FIGURES}/explore.html",  # not in the report: browsers open no page of this size from within another
    log:
        f"{RESULTS}/logs/plot_explorer.log",
    benchmark:
        f"{RESULTS}/benchmarks/plot_explorer.tsv"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=5,
    params:
        code=code_of("plot_explorer"),
    shell:
        "python scripts/plot_explorer.py --frames {input.frames} --cells {input.cells} --template {input.template}"
        " --output {output} &> {log}"


rule execute_tour:
    message:
        "Take the tour: execute the notebook on these results"
    input:
        "config/scenarios/sine1d.yaml",
        f"{RESULTS}/convergence/sine1d/errors.csv",
        f"{RESULTS}/chaos/sine1d/cells.csv",
        f"{RESULTS}/chaos/sine1d/coupling.csv",
        f"{RESULTS}/verdicts.csv",
        notebook="notebooks/tour.ipynb",
    output:
        f"{RESULTS}/tour.html",
    log:
        f"{RESULTS}/logs/execute_tour.log",
    benchmark:
        f"{RESULTS}/benchmarks/execute_tour.tsv"
    threads: 1
    resources:
        mem_mb=1500,
        runtime=10,
    params:
        results=RESULTS,
        calls=[code_of("film_networks"), code_of("predict_fluctuations")],  # what the notebook runs live
        code=code_of("execute_tour"),
    shell:
        "python scripts/execute_tour.py --notebook {input.notebook} --results {params.results} --output {output}"
        " &> {log}"


rule pages:
    input:
        rules.show_tables.output,
        rules.plot_film.output,
        rules.plot_explorer.output,
        rules.execute_tour.output,
