"""`acct report`: what the book says as a whole. One module a report, gathered here.

A report's module holds the command and what its page shows as JSON; what is
judged is in `domain`, its drawing in `render`. To add a report: write such a
module, with its command on a `noun` of its own, and name it below.
"""

from __future__ import annotations

from acctcli.cli.kit.commands import Noun
from acctcli.cli.reports.activity import noun as activity
from acctcli.cli.reports.performance import noun as performance
from acctcli.cli.reports.pipeline import noun as pipeline
from acctcli.cli.reports.quality import noun as quality
from acctcli.cli.reports.retention import noun as retention
from acctcli.cli.reports.sources import noun as sources
from acctcli.cli.reports.whitespace import noun as whitespace

noun = Noun("report", "What the book says as a whole: pipeline, retention, performance.")
for report in (pipeline, retention, whitespace, activity, performance, sources, quality):
    noun.specs |= report.specs
