SUMMARIES = made("summaries")


rule verify_claims:
    message:
        "Give every claim its verdict"
    input:
        HOME.files("config/claims/*.yaml"),
        summaries=SUMMARIES,
    output:
        verdicts=f"{RESULTS}/verdicts.csv",
        screen=f"{RESULTS}/verdicts.txt",
        summary=f"{RESULTS}/summary/claims.json",
    params:
        claims=HOME / "config/claims",
        asked=asked_json(PLAN.claimed),
    shell:
        command("verify_claims")


rule record_provenance:
    message:
        "Record where the results came from"
    input:
        rules.verify_claims.output.verdicts,
        lock=HOME / "requirements.lock",
    output:
        f"{RESULTS}/provenance.json",
    params:
        run=PLAN.run.run,
        root_seed=PLAN.run.root_seed,
    shell:
        command("record_provenance")


rule verify:
    input:
        rules.verify_claims.output,
        rules.record_provenance.output,
