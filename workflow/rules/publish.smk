rule pack_arxiv:
    message:
        "Pack the paper's sources for arXiv"
    input:
        rules.build_paper.output,
    output:
        f"{RESULTS}/arxiv.tar.gz",
    params:
        build_folder=f"{RESULTS}/paper_build",
        epoch=HOME.last_commit_time,
    shell:
        command("pack_arxiv")


rule arxiv:
    input:
        rules.pack_arxiv.output,
