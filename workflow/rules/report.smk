CHAPTERS = {  # of the report, in the order of the argument: figures and tables
    "1 Scenarios": ["table_scenarios"],
    "2 The limit": ["density", "table_limit", "table_orders"],
    "3 The law of large numbers": [
        *("rates", "paths", "histograms", "distances", "risk", "mnist"),
        "table_slopes",
    ],
    "4 The constants and the chaos": ["constants", "pulls", "chaos", "groups", "sources", "weights"],
    "5 The terms of the proof": ["proof_terms"],
    "6 Other training, broken assumptions": ["controls", "table_controls"],
    "7 Verdicts": ["table_claims"],
    "8 Cost": ["table_runtimes"],
}
TABLES = [name for names in CHAPTERS.values() for name in names if name.startswith("table_")]
PLACES = {name: (chapter, place) for chapter, names in CHAPTERS.items() for place, name in enumerate(names, 1)}


def chapter_of(name):
    """The chapter of the report in which a figure or table stands."""
    return PLACES[name][0]


def label_of(name):
    """A figure or table as the report's menu calls it, numbered since the menu sorts.

    One label: a second one with two values, figure and table, would be made a switch, which fails on what is not there.
    """
    chapter, place = PLACES[name]
    title = name.replace("table_", "table: ").replace("_", " ")
    return {"shows": f"{chapter[0]}.{place} {title}"}


def table_page(name):
    """A table as a page that the report shows."""
    return report(
        f"{RESULTS}/report/{name.removeprefix('table_')}.html",
        caption="../report/table.rst",
        category=chapter_of(name),
        labels=label_of(name),
    )


def shown(name):
    """A figure's PNG, which the report shows with the caption of the same name."""
    return report(
        f"{FIGURES}/{name}.png", caption=f"../report/{name}.rst", category=chapter_of(name), labels=label_of(name)
    )


rule show_tables:
    message:
        "Write the tables as pages of the report"
    input:
        verdicts=f"{RESULTS}/verdicts.csv",
        tables=[f"{RESULTS}/tables/{name.removeprefix('table_')}.csv" for name in TABLES],
    output:
        brief=f"{RESULTS}/report/verdicts.csv",
        pages=[table_page(name) for name in TABLES],
    log:
        f"{RESULTS}/logs/show_tables.log",
    benchmark:
        f"{RESULTS}/benchmarks/show_tables.tsv"
    threads: 1
    resources:
        mem_mb=500,
        runtime=5,
    params:
        code=code_of("show_tables"),
    shell:
        "python scripts/show_tables.py --tables {input.tables} --pages {output.pages} --verdicts {input.verdicts}"
        " --brief {output.brief} &> {log}"
