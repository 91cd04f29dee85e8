SUMMARIES = [
    *expand(f"{RESULTS}/summary/errors_{{scenario}}.json", scenario=PLAN.names),
    *expand(f"{RESULTS}/summary/distances_{{scenario}}.json", scenario=PLAN.certified),
    *expand(f"{RESULTS}/summary/settling_{{scenario}}.json", scenario=PLAN.classified),
]


rule verify_claims:
    message:
        "Give every claim its verdict"
    input:
        claims="config/claims.yaml",
        summaries=SUMMARIES,
    output:
        verdicts=f"{RESULTS}/verdicts.csv",
        screen=f"{RESULTS}/verdicts.txt",
        summary=f"{RESULTS}/summary/claims.json",
    log:
        f"{RESULTS}/logs/verify_claims.log",
    benchmark:
        f"{RESULTS}/benchmarks/verify_claims.tsv"
    threads: 1
    resources:
        mem_mb=500,
        runtime=5,
    params:
        code=code_of("verify_claims"),
    shell:
        "python scripts/verify_claims.py --claims {input.claims} --summaries {input.summaries}"
        " --verdicts {output.verdicts} --screen {output.screen} --summary {output.summary} &> {log}"


rule verify:
    input:
        rules.verify_claims.output,
