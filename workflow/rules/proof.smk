PROOF = PLAN.studies["proof"]


rule measure_proof_terms:
    message:
        "Take the paths of {wildcards.scenario} apart into the terms of the proof"
    input:
        data=f"{RESULTS}/data/{{scenario}}.nc",
    output:
        table=f"{RESULTS}/proof_terms/{{scenario}}.csv",
        summary=f"{RESULTS}/summary/proof_terms_{{scenario}}.json",
    priority: 10
    params:
        **RESAMPLED,
        observables=lambda wildcards: PROOF.scenarios[wildcards.scenario].observables,
        widths=lambda wildcards: list(PROOF.scenarios[wildcards.scenario].widths),
        replicas=lambda wildcards: list(PROOF.scenarios[wildcards.scenario].widths.values()),
    shell:
        command("measure_proof_terms")


rule plot_proof_terms:
    message:
        "Draw the terms of the proof against the width with what the limit predicts"
    input:
        table=f"{RESULTS}/proof_terms/{PROOF.names[0]}.csv",
    output:
        f"{FIGURES}/proof_terms.pdf",
        shown("proof", "proof_terms"),
    shell:
        command("plot_proof_terms")


rule proof:
    input:
        figures=rules.plot_proof_terms.output,
        summaries=expand(f"{RESULTS}/summary/proof_terms_{{scenario}}.json", scenario=PROOF.names),
