OWN = PLAN.studies["own_table"]
OWN_DATA = PLAN.experiments[OWN.scenario].scenario.data
OWN_FILES = {"table": str(OWN_DATA.path), "held_out": str(OWN_DATA.path.parent / OWN.held_out)}
OWN_TIMES = [PLAN.experiments[OWN.scenario].scenario.horizon * k / OWN.intervals for k in range(OWN.intervals + 1)]
OWN_WIDTHS = [*OWN.widths, 0]  # 0: what the error needs


rule predict_table:
    message:
        "Predict what an infinitely wide network does on the table, and how much trainings differ"
    input:
        **OWN_FILES,
        data=f"{RESULTS}/data/{OWN.scenario}.nc",
    output:
        f"{RESULTS}/own_table/predicted.nc",
    threads: 8
    params:
        target=OWN_DATA.target,
        times=OWN_TIMES,
        rows=OWN.rows,
        tolerance=OWN.tolerance,
    shell:
        command("predict_table", "--threads {threads}", prefix="OPENBLAS_NUM_THREADS=1 NUMBA_NUM_THREADS=1")


rule train_table:
    message:
        "Train networks on the table (width {wildcards.width}; 0 is what the error needs)"
    input:
        **OWN_FILES,
        data=f"{RESULTS}/data/{OWN.scenario}.nc",
        predicted=rules.predict_table.output[0],
    output:
        f"{RESULTS}/own_table/N{{width}}.nc",
    params:
        target=OWN_DATA.target,
        width="{width}",
        error=OWN.error,
        replicas=lambda wildcards: OWN.widths.get(int(wildcards.width), min(OWN.widths.values())),
        root_seed=PLAN.run.root_seed,
    shell:
        command("train_table", prefix="OPENBLAS_NUM_THREADS=1 NUMBA_NUM_THREADS=1")


rule write_table_page:
    message:
        "Write the page on the table"
    input:
        **OWN_FILES,
        about=[f"{OWN_DATA.path.parent}/about.json"],
        predicted=rules.predict_table.output[0],
        networks=expand(f"{RESULTS}/own_table/N{{width}}.nc", width=OWN_WIDTHS),
        template=HOME / "workflow/report/own_table.html",
    output:
        f"{RESULTS}/own_table/page.html",
    params:
        target=OWN_DATA.target,
        error=OWN.error,
    shell:
        command("write_table_page")


rule own_table:
    input:
        pages=rules.write_table_page.output,
