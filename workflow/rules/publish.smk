rule pack_arxiv:
    message:
        "Pack the paper's sources for arXiv"
    input:
        rules.build_paper.output,
    output:
        f"{RESULTS}/arxiv.tar.gz",
    params:
        folder=f"{RESULTS}/paper_build",
        epoch=HOME.last_commit_time,
    shell:
        command("pack_arxiv.py --build-folder {params.folder} --epoch {params.epoch} --output {output}")


rule arxiv:
    input:
        rules.pack_arxiv.output,
