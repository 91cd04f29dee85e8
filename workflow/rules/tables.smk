rule tabulate_scenarios:
    message:
        "Tabulate the scenarios"
    output:
        **table("scenarios", "scenarios"),
    params:
        configuration=CONFIGURATION,
        scenarios=SCENARIOS,
        code=[digest(PLAN.spec(name) + PLAN.run.scenarios[name].model_dump_json()) for name in PLAN.trained],
    shell:
        command("tabulate_scenarios")


rule tabulate_limit:
    message:
        "Tabulate the limits with their errors"
    input:
        limits=expand(f"{RESULTS}/limit/{{scenario}}.nc", scenario=PLAN.trained),
    output:
        **table("limit", "limit"),
    params:
        scenarios=PLAN.trained,
    shell:
        command("tabulate_limit")


rule tabulate_claims:
    message:
        "Tabulate the claims with their verdicts"
    input:
        verdicts=rules.verify_claims.output.verdicts,
    output:
        **table("verdicts", "claims"),
    shell:
        command("tabulate_claims")


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
        **table("cost", "runtimes"),
        summary=f"{RESULTS}/summary/run.json",
    params:
        benchmarks=f"{RESULTS}/benchmarks",
        without=["tabulate_runtimes", "write_numbers", "build_paper"],
        totals=PLAN.totals,
    shell:
        command("tabulate_runtimes")


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
        command("show_tables")


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
