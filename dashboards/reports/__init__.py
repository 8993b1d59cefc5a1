"""Reports: one file that tells what happened, to send to somebody who has no Uproar.

`gather` asks the tables, `compose` turns the figures into a document, and a writer turns that
into HTML, Markdown, PDF or PNG. Only `gather` meets ClickHouse, and only `draw` and `typeset`
need what `pip install 'uproar[report]'` brings. Every figure keeps the name of its query
(`dashboards/queries/reports/`), so that it can be computed again.
"""
