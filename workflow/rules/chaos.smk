CHAOS = PLAN.studies["chaos"]
GROUPED = [name for name in CHAOS.names if PLAN.experiments[name].scenario.group]


rule measure_chaos:
    message:
        "Measure how the neurons of {wildcards.scenario} become independent"
    input:
        data=f"{RESULTS}/data/{{scenario}}.nc",
        predicted=f"{RESULTS}/limit/{{scenario}}_fluctuations.nc",
        particles=every_record,
    output:
        coupling=f"{RESULTS}/chaos/{{scenario}}/coupling.csv",
        independence=f"{RESULTS}/chaos/{{scenario}}/independence.csv",
        summary=f"{RESULTS}/summary/chaos_{{scenario}}.json",
    params:
        **RESAMPLED,
        tolerance=lambda wildcards: experiment(wildcards).fluctuations.tolerance,
        pair=lambda wildcards: CHAOS.scenarios[wildcards.scenario].dependence,
        rates_from=lambda wildcards: experiment(wildcards).trained.rates_from,
        judged_from=lambda wildcards: experiment(wildcards).fluctuations.from_width,
    shell:
        command("measure_chaos")


rule measure_joint_law:
    message:
        "Compare the joint law of two neurons of {wildcards.scenario} with the product of its marginals"
    input:
        particles=every_record,
    output:
        joint=f"{RESULTS}/chaos/{{scenario}}/joint.csv",
        summary=f"{RESULTS}/summary/joint_law_{{scenario}}.json",
    params:
        scenario="{scenario}",
        root_seed=PLAN.run.root_seed,
    shell:
        command("measure_joint_law")


rule measure_groups:
    message:
        "Hold groups of neurons of {wildcards.scenario} against their prediction"
    input:
        limit=f"{RESULTS}/limit/{{scenario}}.nc",
        predicted=f"{RESULTS}/limit/{{scenario}}_fluctuations.nc",
        particles=every_record,
    output:
        products=f"{RESULTS}/chaos/{{scenario}}/products.csv",
        sizes=f"{RESULTS}/chaos/{{scenario}}/sizes.csv",
        summary=f"{RESULTS}/summary/groups_{{scenario}}.json",
    params:
        scenario="{scenario}",
        observable=lambda wildcards: experiment(wildcards).scenario.group,
        rates_from=lambda wildcards: experiment(wildcards).trained.rates_from,
        judged_from=lambda wildcards: experiment(wildcards).fluctuations.from_width,
    shell:
        command("measure_groups")


rule plot_chaos:
    message:
        "Draw how the neurons of one network become independent"
    input:
        coupling=f"{RESULTS}/chaos/{CHAOS.names[0]}/coupling.csv",
        independence=f"{RESULTS}/chaos/{CHAOS.names[0]}/independence.csv",
        joint=f"{RESULTS}/chaos/{CHAOS.names[0]}/joint.csv",
    output:
        f"{FIGURES}/chaos.pdf",
        shown("chaos", "chaos"),
    shell:
        command("plot_chaos")


rule plot_groups:
    message:
        "Draw groups of neurons against the width"
    input:
        products=lambda wildcards: f"{RESULTS}/chaos/{GROUPED[0]}/products.csv",
        sizes=lambda wildcards: f"{RESULTS}/chaos/{GROUPED[0]}/sizes.csv",
    output:
        f"{FIGURES}/groups.pdf",
        shown("chaos", "groups"),
    shell:
        command("plot_groups")


rule chaos:
    input:
        figures=[rules.plot_chaos.output, rules.plot_groups.output if GROUPED else []],
        summaries=[
            *expand(f"{RESULTS}/summary/{{kind}}_{{name}}.json", kind=["chaos", "joint_law"], name=CHAOS.names),
            *expand(f"{RESULTS}/summary/groups_{{name}}.json", name=GROUPED),
        ],
