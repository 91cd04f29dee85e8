rule pack_arxiv:
    message:
        "Pack the paper's sources for arXiv"
    input:
        rules.build_paper.output,
    output:
        f"{RESULTS}/arxiv.tar.gz",
    log:
        f"{RESULTS}/logs/pack_arxiv.log",
    benchmark:
        f"{RESULTS}/benchmarks/pack_arxiv.tsv"
    threads: 1
    resources:
        mem_mb=500,
        runtime=5,
    params:
        folder=rules.build_paper.params.folder,
        epoch=last_commit_time(),
        code=code_of("pack_arxiv"),
    shell:
        "python scripts/pack_arxiv.py --build-folder {params.folder} --epoch {params.epoch} --output {output} &> {log}"


rule arxiv:
    input:
        rules.pack_arxiv.output,
