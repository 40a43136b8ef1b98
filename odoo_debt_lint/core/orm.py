"""The methods which every model has from ``BaseModel``, and how an override of each must behave.

Names are those of ``odoo/models.py`` (``odoo/orm/models.py`` from 19.0), 11.0 to 20.0.
"""

from __future__ import annotations

REQUIRED = frozenset(
    (
        "create write unlink copy read search default_get name_get name_create name_search fields_get "
        "fields_view_get get_view get_views _get_view search_read search_count read_group copy_data "
        "copy_translations _create _write _search _read_group _read_group_raw formatted_read_group "
        "web_read web_save web_search_read onchange _onchange_eval _name_search export_data load "
        "check_access_rights check_access_rule check_access _check_access has_access "
        "check_field_access_rights _fields_view_get _read _where_calc _apply_ir_rules _flush flush_model "
        "flush_recordset toggle_active action_archive action_unarchive with_context modified "
        "invalidate_cache _validate_fields get_metadata get_external_id exists filtered_domain _auto_init "
        "_setup_base _setup_complete _setup_fields fields_view_get_address get_empty_list_help "
        "update_field_translations _add_missing_default_values _compute_display_name _get_view_cache "
        "_check_company update _invalidate_cache _parent_store_update _valid_field_parameter _write_multi "
        "_filtered_access browse filtered mapped sorted ensure_one "
        "_track_subtype _message_get_suggested_recipients"
    ).split()
)
"""An override that never calls ``super()`` loses what the ORM or another addon does there."""

HOOKS = frozenset({"init", "_register_hook", "_unregister_hook", "_get_placeholder_filename", "_table_query"})
"""Empty in ``BaseModel``: made to be filled without ``super()``."""

REPLACED = frozenset(
    {"name_get", "_compute_display_name", "name_create", "name_search", "_name_search", "get_empty_list_help"}
)
"""Methods that a new model of one's own may define from scratch."""

MIXIN_ONLY = frozenset({"_track_subtype", "_message_get_suggested_recipients", "fields_view_get_address"})
"""In the list for their name, but present only through ``mail.thread`` or ``format.address.mixin``."""

CONTINUED = MIXIN_ONLY | frozenset(
    (
        "_notify_get_recipients_groups _notify_get_groups _notify_prepare_template_context "
        "_notify_by_email_prepare_rendering_context _notify_thread _notify_thread_by_inbox _track_template "
        "_message_post_after_hook _creation_subtype _alias_get_creation_values _get_mail_message_access "
        "_compute_access_warning _search_render_results _default_website_meta "
        "_default_order_line_values _get_product_catalog_domain _get_product_catalog_order_data "
        "_get_action_add_from_catalog_extra_context"
    ).split()
)
"""Private steps of mixins which every model of Odoo continues with ``super()``."""

RESULT_MATTERS = frozenset({"create", "copy", "name_create", "load"})
"""Methods whose lost result breaks every caller."""

WITHOUT_RESULT = frozenset(
    (
        "_add_field _add_inherited_fields _add_magic_fields _add_precomputed_values _add_sql_constraints "
        "_apply_ir_rules _apply_onchange_methods _build_model_attributes _check_company _check_field_access "
        "_check_parent_path _check_removed_columns _clean_properties _compute_display_name "
        "_compute_field_value _convert_records _fetch_field _init_column _invalidate_cache "
        "_load_records_write _modified_triggers _onchange_eval _parent_store_create _parent_store_update "
        "_prepare_setup _recompute_field _recompute_model _recompute_recordset _register_hook _setup_base "
        "_setup_complete _setup_fields _transient_vacuum _unregister_hook _validate_fields _write "
        "_write_multi check_access check_access_rule clear_caches fetch flush flush_model flush_recordset "
        "init _read _auto_init _flush copy_translations invalidate_cache invalidate_model "
        "invalidate_recordset lock_for_update modified recompute refresh toggle_active action_archive "
        "action_unarchive update view_init"
    ).split()
)
"""Methods of ``BaseModel`` whose callers expect nothing."""

TRUE = frozenset({"write", "unlink", "_write"})
"""Methods of ``BaseModel`` that return True and nothing else."""

ORM_METHODS = REQUIRED - MIXIN_ONLY
