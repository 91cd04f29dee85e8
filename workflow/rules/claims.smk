SUMMARIES = made("summaries")


rule verify_claims:
    message:
        "Give every claim its verdict"
    input:
        claims=HOME.files("config/claims/*.yaml"),
        summaries=SUMMARIES,
    output:
        verdicts=f"{RESULTS}/verdicts.csv",
        screen=f"{RESULTS}/verdicts.txt",
        summary=f"{RESULTS}/summary/claims.json",
    resources:
        mem_mb=500,
        runtime=5,
    params:
        folder=HOME / "config/claims",
        asked=asked_json(PLAN.claimed),
    shell:
        command(
            "verify_claims.py --claims {params.folder} --asked {params.asked:q} --summaries {input.summaries}"
            " --verdicts {output.verdicts} --screen {output.screen} --summary {output.summary}"
        )


rule record_provenance:
    message:
        "Record where the results came from"
    input:
        lock=HOME / "requirements.lock",
        verdicts=rules.verify_claims.output.verdicts,
    output:
        f"{RESULTS}/provenance.json",
    resources:
        mem_mb=500,
        runtime=5,
    params:
        run=PLAN.run.run,
        seed=PLAN.run.root_seed,
    shell:
        command(
            "record_provenance.py --lock {input.lock} --run {params.run} --root-seed {params.seed} --output {output}"
        )


rule verify:
    input:
        rules.verify_claims.output,
        rules.record_provenance.output,
