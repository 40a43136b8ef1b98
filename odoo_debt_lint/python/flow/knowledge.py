"""What the data flow knows of Python, Odoo and psycopg2 names: sources, sanitizers, pass-through calls.

Each table is a fact about a library, looked up by the last name or by the resolved dotted name.
"""

from __future__ import annotations

import re

NUMERIC_CALLS = frozenset(
    "int float len bool round abs hash ord id sum isinstance hasattr callable issubclass Decimal".split()
)
PASS_THROUGH = frozenset(
    (
        "str repr tuple list set frozenset sorted reversed dict ustr unquote unquote_plus "
        "unquote_to_bytes loads b64decode b64encode OrderedDict deepcopy copy bytes bytearray iter next "
        "zip enumerate map filter encode decode strip lstrip rstrip lower upper title capitalize split "
        "rsplit splitlines partition rpartition replace expandtabs casefold swapcase zfill ljust rjust "
        "center get pop setdefault items values keys getlist to_dict flatten_dict substitute "
        "safe_substitute format_map translate removeprefix removesuffix popitem escape_psql literal_eval "
        "BytesIO StringIO Path ZipFile "
        "dedent cleandoc chain from_iterable dumps "
        "wrap to_text to_native urljoin url_join abspath normpath realpath expanduser expandvars"
    ).split()
)
"""Calls whose result is made of their receiver or arguments."""
CONVERSIONS = frozenset(
    (
        "loads b64decode b64encode unquote unquote_plus unquote_to_bytes deepcopy ustr literal_eval to_text "
        "to_native wrap urljoin url_join BytesIO StringIO Path ZipFile abspath normpath realpath expanduser "
        "expandvars dedent cleandoc chain"
    ).split()
)
"""Those of them that are functions of a module (``json.loads``): the result is made of the arguments."""
ITERATING = frozenset("list tuple set frozenset sorted reversed iter enumerate zip map filter".split())
"""Functions to which a dict is a list of its keys."""
FILES = ("csv.", "xlrd.", "openpyxl.", "pandas.")
FOREIGN_DATA = (*FILES, "redis.", "requests.", "xmlrpc.client.", "urllib.request.")
"""Modules whose functions give what files and other servers say."""
NUMERIC_ATTRIBUTES = frozenset(
    "id ids _ids uid _uid _origin_id create_date write_date year month day hour minute rowcount".split()
)
NUMERIC_NAMES = re.compile(
    r"^(date|datetime|amount|quantity|qty|price|debit|credit|balance|active|sequence)$"
    r"|_(date|datetime|amount|qty|quantity|count|sequence)$"
    r"|^(date|amount|qty|price)_(?!\w*(str|string|text|words|html|json|format|formatted|display|label|name|code"
    r"|type|field|range|period|filter|mode|option|message|note|located|list)$)"
)
"""Names under which Odoo and its addons keep numbers and dates, of records of any model."""
CLEAN_ATTRIBUTES = frozenset(
    (
        "_table _name _rec_name _order _sequence _log_access _parent_name _parent_store relation column1 "
        "column2 column_type _module __name__ __class__ dbname comodel_name inverse_name _table_query "
        "company_dependent lang tz"
    ).split()
)
CLEAN_CALLS = frozenset(
    (
        "get_sql _where_calc get_query _as_query select subselect quote_ident Identifier "
        "Placeholder _apply_ir_rules _generate_order_by _inherits_join_calc _field_to_sql _order_to_sql "
        "_join _condition where_clause from_clause make_identifier make_index_name table_columns _quote "
        "reverse_order get_current_timestamp consteq compare_digest fields_get _search uuid4 token_hex "
        "hexdigest strftime isoformat to_string today now context_today context_timestamp get_lang"
    ).split()
)
"""Calls whose result cannot carry foreign text into SQL: identifiers, generated SQL, dates, digests."""
TRANSLATIONS = frozenset({"_", "_lt", "gettext"})
DATE_CALLS = frozenset("strftime isoformat to_string today now context_today context_timestamp date".split())
SQL_OBJECTS = frozenset({"SQL", "Literal", "Composed"})
SQL_AS_IS = "psycopg2.extensions.AsIs"
"""What makes of a parameter a piece of the query."""
SQL_MODULES = ("odoo.tools.SQL", "psycopg2.sql", "odoo.tools.sql.SQL", "odoo.tools.query.SQL")

DOMAINS = frozenset(
    (
        "odoo.fields.Domain odoo.fields.Domain.AND odoo.fields.Domain.OR odoo.osv.expression.AND "
        "odoo.osv.expression.OR"
    ).split()
)
"""What makes a domain of its arguments."""
MADE_OF = frozenset(f"odoo.{name}" for name in ("Command.create", "Command.update"))
MADE_OF |= {f"odoo.fields.{name}" for name in ("Command.create", "Command.update")}
"""What the last argument decides."""

NUMERIC_FIELDS = frozenset("Integer Float Monetary Boolean Date Datetime Id Many2oneReference".split())
CLEAN_FIELDS = frozenset({"Selection"})
TEXT_FIELDS = frozenset({"Char", "Text", "Html", "Json", "Serialized"})
"""Fields into which users write any text."""

REQUEST_SOURCES = re.compile(
    r"^(odoo\.http\.|http\.|openerp\.http\.)?request\.(params|httprequest|jsonrequest|get_json_data|get_http_params"
    r"|dispatcher\.jsonrequest)\b"
)
REQUEST_SAFE = re.compile(
    r"request\.httprequest\.(remote_addr|method|environ\b(?!\[)|session|is_xhr|content_length|scheme|host)"
)
_CONSTANT = re.compile(r"\.[A-Z][A-Z0-9_]+(\[\])*$")
_HEADERS = ("HTTP_", "QUERY_STRING", "PATH_INFO", "REQUEST_URI")
CURSOR = re.compile(r"(^|[._])(cr|cur|crs|cursor|cursor2|_cr|cr2|db_cursor|new_cr|crsr)(\(\))?$")
SQL_TEXT = re.compile(
    r"\s*(\(\s*)?(select|insert\s+into|update|delete\s+from|with|create|drop|alter|truncate|grant|refresh|copy|"
    r"lock|set|explain|vacuum|analyze|comment)\b",
    re.I,
)
EXECUTE = frozenset({"execute", "executemany", "copy_expert", "execute_query", "execute_query_dict"})
EXECUTE_FUNCTIONS = frozenset({"execute_values", "execute_batch"})
SQL_READERS = frozenset({"read_sql", "read_sql_query"})
"""Functions of pandas that run a query on a connection, ``cr._cnx`` mostly."""
SQL_TEXTS = frozenset(f"sqlalchemy.{module}text" for module in ("", "sql.", "sql.expression."))
"""What makes a query of SQLAlchemy of a text, and leaves the text as it is."""

RECORD_CALLS = frozenset(
    (
        "sudo with_context with_user with_company with_env with_prefetch browse search search_fetch create "
        "exists filtered filtered_domain sorted mapped copy new ensure_one concat union ref"
    ).split()
)
PROJECT = (".", "odoo.addons.", "openerp.addons.")
"""How the dotted names of addons' own modules begin."""
FRAMEWORK_CALLS = frozenset(
    (
        "write create unlink copy read search search_read search_count search_fetch browse read_group "
        "_read_group name_search name_get name_create default_get fields_get fields_view_get get_view load "
        "export_data message_post message_subscribe message_post_with_view message_post_with_source "
        "activity_schedule activity_feedback activity_unlink get_param set_param ref has_group "
        "user_has_groups check_access check_access_rights check_access_rule has_access invalidate_cache "
        "invalidate_model invalidate_recordset flush flush_model flush_recordset modified next_by_code "
        "next_by_id _render_qweb_pdf _render_qweb_html _render_template _render report_action "
        "send_mail with_delay delayable _sendone _sendmany _for_xml_id _where_calc _apply_ir_rules _search "
        "get_metadata get_external_id toggle_active action_archive action_unarchive compute _convert "
        "convert get_base_url _get_report_from_name with_context with_company with_user with_env sudo "
        "filtered filtered_domain mapped sorted exists ensure_one concat union new grouped items keys values "
        "get update pop append extend add format join split strip replace encode decode execute"
    ).split()
)
"""Methods of the framework and of Python's types, of which an addon's file need not be asked."""
ACCESS_CHECKS = re.compile(
    r"(^|\.)(_document_check_access|check_access\w*|_check_access\w*|check_field_access_rights|consteq|"
    r"compare_digest|_check_token|_validate_token|_verify_\w*|verify_\w*|_is_valid_token|has_access|"
    r"_check_document_access|_portal_ensure_token_valid|check_signature|_check_signature)$"
)
ELEVATING = ("sudo(", "SUPERUSER_ID", "with_user(", "su=True", "user=1", "env(user=", "Environment(")
"""Code that takes other rights has one of these texts, else ``update_env(`` or ``user_root``."""
SUPERUSER = frozenset({"odoo.SUPERUSER_ID", "SUPERUSER_ID", "openerp.SUPERUSER_ID", "odoo.api.SUPERUSER_ID"})


def is_header(symbol: str, key: object) -> bool:
    """Whether something is taken from the WSGI environment that the caller has written."""
    return isinstance(key, str) and symbol.endswith("httprequest.environ") and key.startswith(_HEADERS)


def is_constant(symbol: str) -> bool:
    """Whether something is a constant of another module of the project, or a part of one, by its name."""
    return symbol.startswith(PROJECT) and bool(_CONSTANT.search(symbol))
