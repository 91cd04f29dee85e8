# Networks that a study trains for itself, of scenarios that it changes: its cases, held against their predictions.
STUDIES_OF_CASES = {name: plan.cases for name, plan in PLAN.studies.items() if isinstance(plan, CasesPlan)}
ENSEMBLE = {"configuration": CONFIGURATION, "scenarios": SCENARIOS, "study": "{study}"}


def of_cases(study, kind):
    """What is `trained` or `predicted` of every case of a study."""
    return [f"{RESULTS}/ensembles/{study}/{case}/{kind}.nc" for case in STUDIES_OF_CASES[study]]


def measured(study):
    """The cells of all cases of a study, and its numbers."""
    return {"cells": f"{RESULTS}/ensembles/{study}/cells.csv", "summary": f"{RESULTS}/summary/{study}_cells.json"}


def spec_of_case(wildcards):
    """What a job on a case is run again for: the case, its scenario, and those of the case whose prediction has to fail."""
    instead = STUDIES_OF_CASES[wildcards.study][wildcards.case].instead
    return "".join(digest(PLAN.case_spec(wildcards.study, name)) for name in (wildcards.case, instead) if name)


wildcard_constraints:
    study=one_of(STUDIES_OF_CASES),
    case=one_of(dict.fromkeys(case for cases in STUDIES_OF_CASES.values() for case in cases)),


rule train_ensemble:
    message:
        "Train the networks of the case {wildcards.case} of the study {wildcards.study}"
    output:
        f"{RESULTS}/ensembles/{{study}}/{{case}}/trained.nc",
    priority: 15
    params:
        **ENSEMBLE,
        case="{case}",
        root_seed=PLAN.run.root_seed,
        code=spec_of_case,
    shell:
        command("train_ensemble", prefix="OPENBLAS_NUM_THREADS=1 NUMBA_NUM_THREADS=1")


rule predict_ensemble:
    message:
        "Predict the networks of the case {wildcards.case} of the study {wildcards.study}"
    output:
        f"{RESULTS}/ensembles/{{study}}/{{case}}/predicted.nc",
    priority: 20
    params:
        **ENSEMBLE,
        case="{case}",
        code=spec_of_case,
    shell:
        command("predict_ensemble")


rule measure_ensembles:
    message:
        "Hold the cases of the study {wildcards.study} against their predictions"
    input:
        networks=lambda wildcards: of_cases(wildcards.study, "trained"),
        predicted=lambda wildcards: of_cases(wildcards.study, "predicted"),
    output:
        table=measured("{study}")["cells"],
        summary=measured("{study}")["summary"],
    params:
        **ENSEMBLE,
        cases=lambda wildcards: list(STUDIES_OF_CASES[wildcards.study]),
        code=lambda wildcards: digest(
            "".join(PLAN.case_spec(wildcards.study, name) for name in STUDIES_OF_CASES[wildcards.study])
        ),
    shell:
        command("measure_ensembles")


rule tabulate_ensembles:
    message:
        "Tabulate the constants of the study {wildcards.study}"
    input:
        cells=measured("{study}")["cells"],
        predicted=lambda wildcards: of_cases(wildcards.study, "predicted"),
    output:
        table=f"{PAPER}/generated/table_{{study}}.tex",
        csv=f"{RESULTS}/tables/{{study}}.csv",
    params:
        from_widths=lambda wildcards: [case.from_width for case in STUDIES_OF_CASES[wildcards.study].values()],
    shell:
        command("tabulate_ensembles")
