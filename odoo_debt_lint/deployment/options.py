"""Which options odoo.conf may hold in which series; names are facts of Odoo's own ``tools/config.py``.

Read from the sources of 11.0 to 19.0, with what other parts of Odoo ask the configuration for. From 19.0 on
each option that a file may hold can come from the environment as well.
"""

from __future__ import annotations

ALWAYS = frozenset(
    (
        "addons_path admin_passwd config csv_internal_sep data_dir db_host db_maxconn db_name "
        "db_password db_port db_sslmode db_template db_user dbfilter demo dev_mode email_from "
        "http_enable http_interface http_port import_partial init limit_memory_hard "
        "limit_memory_soft limit_request limit_time_cpu limit_time_real limit_time_real_cron "
        "list_db load_language log_db log_db_level log_handler log_level logfile max_cron_threads "
        "osv_memory_count_limit overwrite_existing_translations pg_path pidfile proxy_mode "
        "publisher_warranty_url reportgz root_path save server_wide_modules "
        "smtp_password smtp_port smtp_server smtp_ssl smtp_user stop_after_init syslog test_enable "
        "test_file unaccent update without_demo workers "
        "shell_interface "
        "bin_path running_env version registry_lru_size"
    ).split()
)
"""Options of all series from 11.0 to 19.0, and those which Odoo itself has long written into the file."""

SINCE: dict[str, float] = {
    "test_tags": 12,
    "screencasts": 13,
    "screenshots": 13,
    "upgrade_path": 13,
    "transient_age_limit": 14,
    "from_filter": 15,
    "smtp_ssl_certificate_filename": 15,
    "smtp_ssl_private_key_filename": 15,
    "default_productivity_apps": 16,
    "gevent_port": 16,
    "proxy_access_token": 16,
    "websocket_keep_alive_timeout": 16,
    "websocket_rate_limit_burst": 16,
    "websocket_rate_limit_delay": 16,
    "x_sendfile": 16,
    "db_maxconn_gevent": 17,
    "geoip_city_db": 17,
    "geoip_country_db": 17,
    "db_replica_host": 18,
    "db_replica_port": 18,
    "limit_memory_hard_gevent": 18,
    "limit_memory_soft_gevent": 18,
    "limit_time_worker_cron": 18,
    "pre_upgrade_scripts": 18,
    "db_app_name": 19,
    "import_file_maxbytes": 19,
    "import_file_timeout": 19,
    "import_url_regex": 19,
    "reinit": 19,
    "skip_auto_install": 19,
    "with_demo": 19,
}

OBSOLETE: dict[str, tuple[float, str]] = {
    "xmlrpc": (11, "http_enable"),
    "xmlrpc_port": (11, "http_port"),
    "xmlrpc_interface": (11, "http_interface"),
    "longpolling_port": (16, "gevent_port"),
    "osv_memory_age_limit": (14, "transient_age_limit"),
    "geoip_database": (17, "geoip_city_db"),
    "logrotate": (13, ""),
    "debug_mode": (10, "dev_mode"),
    "xmlrpcs": (9, ""),
    "xmlrpcs_port": (9, ""),
    "xmlrpcs_interface": (9, ""),
    "secure_cert_file": (9, ""),
    "secure_pkey_file": (9, ""),
    "netrpc": (8, ""),
    "netrpc_port": (8, ""),
    "netrpc_interface": (8, ""),
    "auto_reload": (9, "dev_mode"),
    "cache_timeout": (8, ""),
    "login_message": (8, ""),
    "timezone": (9, ""),
    "test_commit": (12, ""),
    "test_report_directory": (12, ""),
    "static_http_enable": (9, ""),
    "static_http_document_root": (9, ""),
    "static_http_url_prefix": (9, ""),
    "apps_server": (17, ""),
    "translate_modules": (19, ""),
    "translate_in": (19, ""),
    "translate_out": (19, ""),
    "language": (19, ""),
    "import_image_maxbytes": (19, "import_file_maxbytes"),
    "import_image_timeout": (19, "import_file_timeout"),
    "import_image_regex": (19, "import_url_regex"),
}
"""From which series on an option is gone or an alias that will go, and what has come in its place."""

ENVIRONMENT_SINCE = 19.0

_NOT_IN_FILE = frozenset(
    (
        "config save init update reinit import_partial test_file test_enable test_tags stop_after_init "
        "demo root_path running_env version registry_lru_size shell_interface without_demo"
    ).split()
)
"""What 19.0 takes from the command line alone, or not as an option of its own."""

_NAMED = {
    "PGDATABASE": "db_name",
    "PGUSER": "db_user",
    "PGPASSWORD": "db_password",
    "PGPATH": "pg_path",
    "PGHOST": "db_host",
    "PGHOST_REPLICA": "db_replica_host",
    "PGPORT": "db_port",
    "PGPORT_REPLICA": "db_replica_port",
    "PGSSLMODE": "db_sslmode",
    "PGAPPNAME": "db_app_name",
    "PGDATABASE_TEMPLATE": "db_template",
    "ODOO_DEV": "dev_mode",
}
"""Variables whose options have another name; these options have no ``ODOO_`` variable."""


def option_of_variable(name: str, series: float) -> str | None:
    """The option that a variable of the environment sets in a series; it wins over the file."""
    if series < ENVIRONMENT_SINCE:
        return None
    if name in _NAMED:
        return _NAMED[name]
    option = name.removeprefix("ODOO_").lower() if name.startswith("ODOO_") else ""
    if option in _NOT_IN_FILE or option in _NAMED.values() or name != f"ODOO_{option.upper()}":
        return None
    known = option in ALWAYS or option in SINCE
    return option if known and option not in OBSOLETE else None
