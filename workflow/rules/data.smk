rule fetch_images:
    message:
        "Obtain the four files of images and verify them"
    output:
        expand(f"{RESULTS}/data/images/{{file}}", file=PLAN.image_files),
    priority: 100
    shell:
        command("fetch_images")


rule generate_data:
    message:
        "Write the data law of {wildcards.scenario}"
    input:
        lambda wildcards: PLAN.table(wildcards.scenario),
        specification=ancient(f"{SCENARIOS}/{{scenario}}.yaml"),  # what it says is below, under code
        images=lambda wildcards: (
            rules.fetch_images.output
            if PLAN.needs_images(wildcards.scenario)
            else PLAN.own_images(wildcards.scenario)
        ),
    output:
        f"{RESULTS}/data/{{scenario}}.nc",
    priority: 100
    params:
        code=lambda wildcards: digest(PLAN.spec(wildcards.scenario)),
    shell:
        command("generate_data")
