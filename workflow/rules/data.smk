rule fetch_images:
    message:
        "Obtain the four files of images and verify them"
    output:
        expand(f"{RESULTS}/data/images/{{file}}", file=PLAN.image_files),
    priority: 100
    resources:
        mem_mb=500,
        runtime=10,
    params:
        folder=subpath(output[0], parent=True),
    shell:
        command("fetch_images.py --output-folder {params.folder}")


rule generate_data:
    message:
        "Write the data law of {wildcards.scenario}"
    input:
        images=lambda wildcards: rules.fetch_images.output if PLAN.needs_images(wildcards.scenario) else [],
    output:
        f"{RESULTS}/data/{{scenario}}.nc",
    priority: 100
    resources:
        mem_mb=growing(2000),
        runtime=growing(5),
    params:
        spec=lambda wildcards: PLAN.spec(wildcards.scenario),
    shell:
        command(
            "generate_data.py --scenario {wildcards.scenario} --spec {params.spec:q} --images {input.images}"
            " --output {output}"
        )
