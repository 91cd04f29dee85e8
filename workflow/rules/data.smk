rule fetch_mnist:
    message:
        "Obtain the four files of MNIST and verify them"
    output:
        expand(f"{RESULTS}/data/mnist/{{file}}", file=PLAN.mnist_files),
    log:
        f"{RESULTS}/logs/fetch_mnist.log",
    benchmark:
        f"{RESULTS}/benchmarks/fetch_mnist.tsv"
    threads: 1
    priority: 100
    resources:
        mem_mb=500,
        runtime=10,
    params:
        folder=f"{RESULTS}/data/mnist",
        code=code_of("fetch_mnist"),
    shell:
        "python scripts/fetch_mnist.py --output-folder {params.folder} &> {log}"


rule generate_data:
    message:
        "Write the data law of {wildcards.scenario}"
    input:
        mnist=lambda wildcards: rules.fetch_mnist.output if PLAN.needs_mnist(wildcards.scenario) else [],
    output:
        f"{RESULTS}/data/{{scenario}}.nc",
    log:
        f"{RESULTS}/logs/generate_data/{{scenario}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/generate_data/{{scenario}}.tsv"
    threads: 1
    priority: 100
    resources:
        mem_mb=growing(2000),
        runtime=growing(5),
    params:
        spec=lambda wildcards: PLAN.spec(wildcards.scenario),
        code=code_of("generate_data"),
    shell:
        "python scripts/generate_data.py --scenario {wildcards.scenario} --spec {params.spec:q}"
        " --mnist {input.mnist} --output {output} &> {log}"
