FILM = PLAN.studies["film"]


rule film_networks:
    message:
        "Follow one network of each width, and the limit, through time"
    input:
        data=f"{RESULTS}/data/{FILM.scenario}.nc",
    output:
        f"{RESULTS}/film/{FILM.scenario}.nc",
    params:
        widths=FILM.widths,
        frames=FILM.frames,
        points=FILM.points,
        root_seed=PLAN.run.root_seed,
    shell:
        command("film_networks")


rule plot_film:
    message:
        "Draw the particles following the density, as an animated picture"
    input:
        frames=rules.film_networks.output,
    output:
        f"{FIGURES}/film.gif",
    shell:
        command("plot_film")


rule film:
    input:
        pages=rules.plot_film.output,
