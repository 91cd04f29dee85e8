rule tabulate_scenarios:
    message:
        "Tabulate the scenarios"
    output:
        table("scenarios", "scenarios"),
    params:
        scenarios=PLAN.trained,
        specs=[PLAN.spec(name) for name in PLAN.trained],
        plans=[PLAN.run.scenarios[name].model_dump_json() for name in PLAN.trained],
    shell:
        command(
            "tabulate_scenarios.py --scenarios {params.scenarios} --specs {params.specs:q} --plans {params.plans:q}"
            " --table {output[0]} --csv {output[1]}"
        )


rule tabulate_limit:
    message:
        "Tabulate the limits with their errors"
    input:
        expand(f"{RESULTS}/limit/{{scenario}}.nc", scenario=PLAN.trained),
    output:
        table("limit", "limit"),
    params:
        scenarios=PLAN.trained,
    shell:
        command(
            "tabulate_limit.py --scenarios {params.scenarios} --limits {input} --table {output[0]} --csv {output[1]}"
        )


rule tabulate_claims:
    message:
        "Tabulate the claims with their verdicts"
    input:
        rules.verify_claims.output.verdicts,
    output:
        table("verdicts", "claims"),
    shell:
        command("tabulate_claims.py --verdicts {input} --table {output[0]} --csv {output[1]}")


rule tabulate_runtimes:
    message:
        "Tabulate what the rules cost"
    input:
        made("figures"),
        made("tables"),
        rules.verify_claims.output,
        rules.tabulate_scenarios.output,
        rules.tabulate_limit.output,
        rules.tabulate_claims.output,
    output:
        table("cost", "runtimes"),
        summary=f"{RESULTS}/summary/run.json",
    params:
        benchmarks=f"{RESULTS}/benchmarks",
        later=["tabulate_runtimes", "write_numbers", "build_paper"],
        totals=PLAN.totals,
    shell:
        command(
            "tabulate_runtimes.py --benchmarks {params.benchmarks} --without {params.later} --totals {params.totals:q}"
            " --table {output[0]} --csv {output[1]} --summary {output.summary}"
        )


rule show_tables:
    message:
        "Write the tables as pages of the report"
    input:
        verdicts=f"{RESULTS}/verdicts.csv",
        tables=[f"{RESULTS}/tables/{name}.csv" for chapter in CHAPTERS.values() for name in chapter.tables],
    output:
        brief=f"{RESULTS}/report/verdicts.csv",
        pages=[
            report(f"{RESULTS}/report/{name}.html", caption="../report/table.rst", **chapter.entry(f"table_{name}"))
            for chapter in CHAPTERS.values()
            for name in chapter.tables
        ],
    shell:
        command(
            "show_tables.py --tables {input.tables} --pages {output.pages} --verdicts {input.verdicts}"
            " --brief {output.brief}"
        )


rule figures:
    input:
        made("figures"),


rule tables:
    input:
        made("tables"),
        rules.tabulate_scenarios.output,
        rules.tabulate_limit.output,
        rules.tabulate_claims.output,
        rules.tabulate_runtimes.output[:2],


rule pages:
    input:
        made("pages"),
        rules.show_tables.output,
