FILM = PLAN.studies["film"]


rule film_networks:
    message:
        "Follow one network of each width, and the limit, through time"
    input:
        data=f"{RESULTS}/data/{FILM.scenario}.nc",
    output:
        f"{RESULTS}/film/{FILM.scenario}.nc",
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        widths=FILM.widths,
        frames=FILM.frames,
        points=FILM.points,
        seed=PLAN.run.root_seed,
    shell:
        command(
            "film_networks.py --data {input.data} --widths {params.widths} --frames {params.frames}"
            " --points {params.points} --root-seed {params.seed} --output {output}"
        )


rule plot_film:
    message:
        "Draw the particles following the density, as an animated picture"
    input:
        rules.film_networks.output,
    output:
        f"{FIGURES}/film.gif",
    shell:
        command("plot_film.py --frames {input} --output {output}")


rule film:
    input:
        pages=rules.plot_film.output,
