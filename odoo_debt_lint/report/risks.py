"""What findings mean to someone who pays for the software and does not read code.

A rule belongs to one theme, by its name or, failing that, by its block, so that a new rule is never left out.
"""

from __future__ import annotations

from dataclasses import dataclass

from odoo_debt_lint.rule import Block


@dataclass(frozen=True, slots=True)
class Theme:
    """A danger: a headline, what may happen, and what mends it, in plain words."""

    key: str
    title: str
    meaning: str
    action: str


TAKEOVER = Theme(
    "takeover",
    "Outsiders or ordinary users can run their own commands on your system",
    "Some functions pass on what a user types to the database or to the server without a check. Whoever "
    "knows how can read, change or delete the data of the whole company, passwords included.",
    "Close these places before anything else, and look through the server's logs for signs of misuse.",
)
EXPOSED = Theme(
    "exposed",
    "People can see or change data that is not meant for them",
    "Permissions are missing or are switched off in places that users, customers or visitors can reach: "
    "orders, contacts or salaries of others may be read or changed, often without leaving a trace.",
    "Have the business decide who may see what, and put the missing permissions in place.",
)
WEB = Theme(
    "web",
    "Your web pages can be turned against those who visit them",
    "A prepared link or text can act in the name of the person who opens it: change data, read their session "
    "or send them to a false page.",
    "Protect the pages concerned; each is a small change.",
)
SECRETS = Theme(
    "secrets",
    "Passwords and connections are not protected",
    "Passwords or keys are written in the source code, or connections to other systems are not verified. "
    "Everybody who has ever had a copy of the code can use them.",
    "Change these passwords and keys now, then move them out of the code.",
)
BROKEN = Theme(
    "broken",
    "Parts of the system will fail to install, update or open",
    "Some modules refer to things that do not exist or contain files that cannot be read. Installing or "
    "updating them stops with an error, at the latest with the next release or on a new server.",
    "Repair or retire these modules before the next update.",
)
WRONG = Theme(
    "wrong",
    "Standard functions of Odoo are bypassed and may give wrong results",
    "Custom code replaces parts of Odoo without running the original. Checks, bookings or corrections that "
    "Odoo or other modules rely on may silently not take place.",
    "Have each of these changes reviewed together with the person who knows the process.",
)
SLOW = Theme(
    "slow",
    "The system slows down as your data grows",
    "Work is done record by record where one request would do. It is not felt with a hundred orders; with a "
    "hundred thousand, pages and nightly jobs take minutes or time out.",
    "Mend the places that users meet every day first.",
)
UPGRADE = Theme(
    "upgrade",
    "The next Odoo version will be expensive",
    "The code relies on details of the current version that Odoo changes regularly. Each of them will break "
    "during the upgrade and has to be found and repaired under time pressure.",
    "Mend these places before the upgrade starts, while the system runs.",
)
UNTESTED = Theme(
    "untested",
    "Changes cannot be made safely",
    "Modules without automatic tests, abandoned by their makers or too tangled to follow make every change a "
    "risk: errors are found by your users.",
    "Add tests to the modules that carry your business, and replace those that nobody maintains.",
)
BACKUPS = Theme(
    "backups",
    "A failure may cost you data",
    "Backups are missing, incomplete or kept where a failure would take them along.",
    "Set up backups on another machine, and restore one to prove that it works.",
)
OPERATION = Theme(
    "operation",
    "The server is not set up for production",
    "Settings of the server leave doors open, waste its capacity or hide errors from those who run it.",
    "Correct the configuration; most of it is a matter of minutes and one restart.",
)

ORDER = (TAKEOVER, SECRETS, EXPOSED, BACKUPS, BROKEN, WEB, WRONG, OPERATION, SLOW, UPGRADE, UNTESTED)
"""Of two dangers of one severity the graver one comes first."""

_NAMES = {
    TAKEOVER: "sql-injection eval-used command-injection unsafe-deserialization unsafe-safe-eval "
    "path-traversal server-side-request-forgery",
    EXPOSED: "access-rule-public-write access-rule-without-group model-without-access-rule "
    "record-rule-allows-all insecure-direct-object-reference mass-assignment sudo-in-controller "
    "rpc-exposed-elevation multi-company-rule-missing public-route route-without-auth",
    WEB: "markup-from-user-data route-csrf-disabled route-cors-wildcard open-redirect",
    SECRETS: "hardcoded-secret weak-hash timing-unsafe-comparison tls-verification-disabled "
    "user-created-in-data secret-in-image secret-in-compose secret-weak env-file-committed "
    "env-file-not-ignored master-password-default database-password-weak tls-outdated",
    BROKEN: "syntax-error invalid-xml manifest-invalid manifest-data-missing manifest-incomplete "
    "dependency-cycle dependency-unknown dependency-undeclared reference-to-undeclared-dependency "
    "env-ref-unknown duplicate-xmlid unknown-inherit view-unknown-field view-unknown-method "
    "view-unknown-parent view-anchor-conflict xpath-no-match override-of-missing-method "
    "override-signature-mismatch depends-unknown-field python-file-not-imported internal-error",
    WRONG: "override-missing-super override-conditional-super override-drops-result super-calls-other-method "
    "copied-core-method monkey-patched-model model-redefined field-redefined-with-other-type "
    "compute-unassigned-path compute-without-depends compute-writes view-core-overwritten raw-sql-write",
    OPERATION: "database-manager-exposed database-filter-missing runs-as-root container-privileged "
    "docker-socket-mounted port-published-to-world database-superuser debug-in-production default-network "
    "config-mounted-writable",
    BACKUPS: "backup-missing data-not-persisted",
    UPGRADE: "xpath-by-label hardcoded-record-id xpath-volatile-anchor dependency-unmaintained",
    UNTESTED: "addon-without-tests addon-unmaintained method-too-complex duplicated-code "
    "too-many-extended-models",
}
THEMES = {name: theme for theme, names in _NAMES.items() for name in names.split()}
"""Rules by name whose theme is not that of their block."""
_BY_BLOCK = {
    Block.SECURITY: EXPOSED,
    Block.BACKUPS: BACKUPS,
    Block.PERFORMANCE: SLOW,
    Block.CODE: WRONG,
    Block.INFRASTRUCTURE: OPERATION,
    Block.OBSERVABILITY: OPERATION,
    Block.MIGRATION: UPGRADE,
}


def theme_of(rule: str, block: Block) -> Theme:
    """The theme of a rule; a rule of another block than its name would have it is judged by its block."""
    return THEMES.get(rule, _BY_BLOCK[block])
