SUMMARIES = [
    *expand(f"{RESULTS}/summary/errors_{{scenario}}.json", scenario=PLAN.names),
    *expand(f"{RESULTS}/summary/distances_{{scenario}}.json", scenario=PLAN.certified),
    *expand(f"{RESULTS}/summary/constants_{{scenario}}.json", scenario=PLAN.predicted),
    *expand(f"{RESULTS}/summary/chaos_{{scenario}}.json", scenario=PLAN.coupled),
    *expand(f"{RESULTS}/summary/joint_law_{{scenario}}.json", scenario=PLAN.coupled),
    *expand(f"{RESULTS}/summary/groups_{{scenario}}.json", scenario=PLAN.grouped),
    *expand(f"{RESULTS}/summary/settling_{{scenario}}.json", scenario=PLAN.classified),
    *expand(f"{RESULTS}/summary/finite_volumes_{{variant}}.json", variant=GRID_PROBLEMS),
    *expand(f"{RESULTS}/summary/proof_terms_{{scenario}}.json", scenario=PLAN.dissected),
    rules.measure_controls.output.summary,
    *expand(f"{RESULTS}/summary/sources_{{scenario}}.json", scenario=PLAN.run.crossings),
    *expand(f"{RESULTS}/summary/logits_{{scenario}}.json", scenario=PLAN.crossed_on_images),
    *expand(f"{RESULTS}/summary/precision_{{scenario}}.json", scenario=PLAN.crossed_on_images),
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
        absent=sorted({path.stem for path in Path("config/scenarios").glob("*.yaml")} - set(PLAN.judged)),
        code=code_of("verify_claims"),
    shell:
        "python scripts/verify_claims.py --claims {input.claims} --absent {params.absent} --summaries {input.summaries}"
        " --verdicts {output.verdicts} --screen {output.screen} --summary {output.summary} &> {log}"


rule record_provenance:
    message:
        "Record where the results came from"
    input:
        lock="requirements.lock",
        verdicts=rules.verify_claims.output.verdicts,
    output:
        f"{RESULTS}/provenance.json",
    log:
        f"{RESULTS}/logs/record_provenance.log",
    benchmark:
        f"{RESULTS}/benchmarks/record_provenance.tsv"
    threads: 1
    resources:
        mem_mb=500,
        runtime=5,
    params:
        run=PLAN.run.run,
        seed=PLAN.run.root_seed,
        code=code_of("record_provenance"),
    shell:
        "python scripts/record_provenance.py --lock {input.lock} --run {params.run} --root-seed {params.seed}"
        " --output {output} &> {log}"


rule verify:
    input:
        rules.verify_claims.output,
        rules.record_provenance.output,
