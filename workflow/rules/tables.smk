rule tabulate_scenarios:
    message:
        "Tabulate the scenarios"
    output:
        table=f"{PAPER}/generated/table_scenarios.tex",
        csv=f"{RESULTS}/tables/scenarios.csv",
    log:
        f"{RESULTS}/logs/tabulate_scenarios.log",
    benchmark:
        f"{RESULTS}/benchmarks/tabulate_scenarios.tsv"
    threads: 1
    resources:
        mem_mb=500,
        runtime=5,
    params:
        scenarios=PLAN.names,
        specs=[PLAN.spec(name) for name in PLAN.names],
        plans=[PLAN.of(name).model_dump_json() for name in PLAN.names],
        code=code_of("tabulate_scenarios"),
    shell:
        "python scripts/tabulate_scenarios.py --scenarios {params.scenarios} --specs {params.specs:q} --plans {params.plans:q}"
        " --table {output.table} --csv {output.csv} &> {log}"


rule tabulate_limit:
    message:
        "Tabulate the limits with their errors"
    input:
        expand(f"{RESULTS}/limit/{{scenario}}.nc", scenario=PLAN.names),
    output:
        table=f"{PAPER}/generated/table_limit.tex",
        csv=f"{RESULTS}/tables/limit.csv",
    log:
        f"{RESULTS}/logs/tabulate_limit.log",
    benchmark:
        f"{RESULTS}/benchmarks/tabulate_limit.tsv"
    threads: 1
    resources:
        mem_mb=500,
        runtime=5,
    params:
        scenarios=PLAN.names,
        code=code_of("tabulate_limit"),
    shell:
        "python scripts/tabulate_limit.py --scenarios {params.scenarios} --limits {input}"
        " --table {output.table} --csv {output.csv} &> {log}"


rule tabulate_slopes:
    message:
        "Tabulate the slopes of the errors"
    input:
        expand(f"{RESULTS}/convergence/{{scenario}}/fits.csv", scenario=PLAN.names),
    output:
        table=f"{PAPER}/generated/table_slopes.tex",
        csv=f"{RESULTS}/tables/slopes.csv",
    log:
        f"{RESULTS}/logs/tabulate_slopes.log",
    benchmark:
        f"{RESULTS}/benchmarks/tabulate_slopes.tsv"
    threads: 1
    resources:
        mem_mb=500,
        runtime=5,
    params:
        scenarios=PLAN.names,
        code=code_of("tabulate_slopes"),
    shell:
        "python scripts/tabulate_slopes.py --scenarios {params.scenarios} --fits {input}"
        " --table {output.table} --csv {output.csv} &> {log}"


rule tabulate_claims:
    message:
        "Tabulate the claims with their verdicts"
    input:
        rules.verify_claims.output.verdicts,
    output:
        table=f"{PAPER}/generated/table_claims.tex",
        csv=f"{RESULTS}/tables/claims.csv",
    log:
        f"{RESULTS}/logs/tabulate_claims.log",
    benchmark:
        f"{RESULTS}/benchmarks/tabulate_claims.tsv"
    threads: 1
    resources:
        mem_mb=500,
        runtime=5,
    params:
        code=code_of("tabulate_claims"),
    shell:
        "python scripts/tabulate_claims.py --verdicts {input} --table {output.table} --csv {output.csv} &> {log}"


rule tabulate_runtimes:
    message:
        "Tabulate what the rules cost"
    input:
        rules.figures.input,
        rules.verify_claims.output,
        rules.tabulate_scenarios.output,
        rules.tabulate_limit.output,
        rules.tabulate_slopes.output,
        rules.tabulate_claims.output,
        rules.tabulate_orders.output if GRID_PROBLEMS else [],
        rules.tabulate_controls.output,
    output:
        table=f"{PAPER}/generated/table_runtimes.tex",
        csv=f"{RESULTS}/tables/runtimes.csv",
        summary=f"{RESULTS}/summary/run.json",
    log:
        f"{RESULTS}/logs/tabulate_runtimes.log",
    benchmark:
        f"{RESULTS}/benchmarks/tabulate_runtimes.tsv"
    threads: 1
    resources:
        mem_mb=500,
        runtime=5,
    params:
        benchmarks=f"{RESULTS}/benchmarks",
        later=["tabulate_runtimes", "write_numbers", "build_paper"],
        totals=PLAN.totals,
        code=code_of("tabulate_runtimes"),
    shell:
        "python scripts/tabulate_runtimes.py --benchmarks {params.benchmarks} --without {params.later}"
        " --totals {params.totals:q} --table {output.table} --csv {output.csv} --summary {output.summary} &> {log}"


rule tables:
    input:
        rules.tabulate_orders.output if GRID_PROBLEMS else [],
        rules.tabulate_scenarios.output,
        rules.tabulate_limit.output,
        rules.tabulate_slopes.output,
        rules.tabulate_claims.output,
        rules.tabulate_controls.output,
        rules.tabulate_runtimes.output.table,
        rules.tabulate_runtimes.output.csv,
