"""Instance that nobody watches.

## What it does
Reports a compose file with Odoo and its database, when nothing in the run watches them: no exporter, no
agent, no checks from outside.

## Why is this bad
A full disk, a stuck queue or a certificate that expires is noticed by the customers first.

## How to fix
At least a check of `/web/health` from outside, the disk and the age of the last backup; better exporters
for the host, PostgreSQL and nginx.

## Not reported
A service, file or command that says so by its name or image; an addon of the set that reports to such a
service, as `sentry` does; single files, when no folder is linted. Monitoring outside of the project: accept
the finding with a comment that says where.
"""

from __future__ import annotations

import re

from odoo_debt_lint.checks.deployment._signs import unless_signed
from odoo_debt_lint.deployment.instance import Instance
from odoo_debt_lint.rule import Block, Confidence, Hits, OnInstance, Rule, Severity

_SIGN = re.compile(
    r"prometheus|grafana|exporter|netdata|zabbix|datadog|uptime|cadvisor|sentry|newrelic|telegraf|checkmk|monit|"
    r"healthchecks\.io|hc-ping|beszel|glances|nagios|icinga|loki",
    re.I,
)

_ADDONS = re.compile(r"(^|_)(sentry|prometheus|statsd|newrelic|datadog)(_|$)|^monitoring_")


def check(instance: Instance) -> Hits:
    return unless_signed(instance, _SIGN, _ADDONS, "nothing among these files watches the instance")


RULE = Rule(
    severity=Severity.LOW,
    block=Block.OBSERVABILITY,
    minutes=240,
    confidence=Confidence.MEDIUM,
    listeners=(OnInstance(check),),
)
