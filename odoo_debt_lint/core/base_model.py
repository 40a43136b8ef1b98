"""The methods of ``BaseModel`` with their parameters, 14.0 to 19.0, for runs without an index of the core.

Names and parameters are those of ``odoo/models.py`` (``odoo/orm/models.py`` in 19.0). An entry is a name,
the series in which it looks like this (none: in all of them) and its parameters; ``=`` marks a default.
"""

from __future__ import annotations

from functools import cache

from odoo_debt_lint.facts import MethodFact, ParamFact

FIRST, LAST = 14, 19
_METHODS = """
_add_fake_fields:14-17 fields; _add_field:14-18 name field; _add_inherited_fields:14-18;
_add_magic_fields:14-14; _add_missing_default_values values; _add_precomputed_values:16-19 vals_list;
_add_sql_constraints; _additional_allowed_keys_properties_definition:19-19; _apply_ir_rules:14-18 query
mode=; _apply_onchange_methods:17-19 field_name result; _as_query:17-19 ordered=; _auto_init; _browse:14-15
env ids prefetch_ids; _build_model:14-18 pool cr; _build_model_attributes:14-18 pool;
_build_model_check_base:14-18 cls; _build_model_check_parent:14-18 cls parent_class;
_can_return_content:19-19 field_name= access_token=; _check_access:18-19 operation; _check_company fnames=;
_check_company_domain:17-19 companies; _check_concurrency:14-15; _check_field_access:19-19 field operation;
_check_m2m_recursion field_name; _check_parent_path:16-19; _check_qorder word; _check_recursion parent=;
_check_removed_columns log=; _clean_properties:18-19; _compute_concurrency_field:15-16;
_compute_display_name; _compute_field_value field; _condition_to_sql:18-18 alias fname operator value query;
_convert_records:14-18 records log=; _convert_records:19-19 records * log= savepoint;
_convert_to_cache_properties_definition:19-19 value; _convert_to_column_properties_definition:19-19 value;
_convert_to_record values; _convert_to_write values; _create data_list; _create_parent_columns:14-15;
_dependent_fields:14-15 field; _determine_fields_to_fetch:17-18 field_names ignore_when_in_cache=;
_determine_fields_to_fetch:19-19 field_names= ignore_when_in_cache=; _execute_sql:14-15; _export_rows fields
* _is_toplevel_call=; _extract_records:14-17 fields_ data log= limit=; _extract_records:18-19 field_paths
data log= limit=; _fetch_field field; _fetch_query:17-19 query fields; _field_properties_to_sql:17-17 alias
fname property_name query; _field_to_sql:17-17 alias fname query=; _field_to_sql:18-18 alias fname query=
flush=; _field_to_sql:19-19 alias field_expr query=; _fields_view_get:14-15 view_id= view_type= toolbar=
submenu=; _filter_access_rules operation; _filter_access_rules_python operation; _filtered_access:18-19
operation; _flush:16-18 fnames=; _flush:19-19; _flush_search:14-18 domain fields= order= seen=;
_generate_m2o_order_by:14-16 alias order_field query reverse_direction seen; _generate_order_by:14-17
order_spec query; _generate_order_by_inner:14-16 alias order_spec query reverse_direction= seen=;
_generate_translated_field:14-15 table_alias field query; _get_base_lang:16-19;
_get_default_calendar_view:14-15; _get_default_form_view:14-15; _get_default_graph_view:14-15;
_get_default_kanban_view:14-15; _get_default_pivot_view:14-15; _get_default_search_view:14-15;
_get_default_tree_view:14-15; _get_external_ids; _get_placeholder_filename:14-14 field=;
_get_placeholder_filename:15-19 field; _get_redirect_suggested_company:18-19; _has_cycle:18-19 field_name=;
_has_field_access:19-19 field operation; _has_onchange field other_fields; _in_cache_without:14-18 field
limit=; _inherits_check:14-18; _inherits_join_add:14-16 current_model parent_model_name query;
_inherits_join_calc:14-17 alias fname query; _init_column column_name; _init_constraints_onchanges:14-18;
_invalidate_cache:16-19 fnames= ids=; _is_an_ordinary_table; _load_records:14-17 data_list update=;
_load_records:18-18 data_list update= ignore_duplicates=; _load_records:19-19 data_list update=;
_load_records_create:14-17 values; _load_records_create:18-19 vals_list; _load_records_write values;
_mapped_cache:14-15 name_seq; _mapped_func:14-18 func; _modified:16-19 fields create; _modified_triggers
tree create=; _name_search:14-16 name= args= operator= limit= name_get_uid=; _name_search:17-17 name domain=
operator= limit= order=; _onchange_eval:14-16 field_name onchange result; _onchange_spec:14-15 view_info=;
_order_field_to_sql:17-19 alias field_name direction nulls query; _order_to_sql:17-19 order query alias=
reverse=; _parent_store_compute; _parent_store_create; _parent_store_update;
_parent_store_update_prepare:14-17 vals; _parent_store_update_prepare:18-19 vals_list; _patch_method:14-16
name method; _pop_field:14-18 name; _populate:14-17 size; _populate_factories:14-17;
_post_model_setup__:19-19; _prepare_create_values:16-19 vals_list; _prepare_setup:14-18; _read:14-15 fields;
_read:16-16 field_names; _read_format fnames load=; _read_group:16-16 domain fields groupby offset= limit=
orderby= lazy=; _read_group:17-19 domain groupby= aggregates= having= offset= limit= order=;
_read_group_check_field_access_rights:17-17 field_names; _read_group_empty_value:17-19 spec;
_read_group_expand_full:14-17 groups domain order; _read_group_expand_full:18-19 groups domain;
_read_group_fill_results:14-16 domain groupby remaining_groupbys aggregated_fields count_field
read_group_result read_group_order=; _read_group_fill_results:17-19 domain groupby annoted_aggregates
read_group_result read_group_order=; _read_group_fill_temporal:14-14 data groupby aggregated_fields
annotated_groupbys interval=; _read_group_fill_temporal:15-16 data groupby aggregated_fields
annotated_groupbys fill_from= fill_to= min_groups=; _read_group_fill_temporal:17-19 data groupby
annoted_aggregates fill_from= fill_to= min_groups=; _read_group_format_result:14-16 data annotated_groupbys
groupby domain; _read_group_format_result:17-19 rows_dict lazy_groupby;
_read_group_format_result_properties:17-19 rows_dict group; _read_group_get_annotated_groupby:18-18 groupby
lazy; _read_group_get_annoted_groupby:17-17 groupby lazy; _read_group_groupby:17-18 groupby_spec query;
_read_group_groupby:19-19 alias groupby_spec query; _read_group_groupby_properties:18-18 fname property_name
query; _read_group_groupby_properties:19-19 alias field property_name query; _read_group_having:17-19
having_domain query; _read_group_orderby:17-19 order groupby_terms query;
_read_group_postprocess_aggregate:17-19 aggregate_spec raw_values; _read_group_postprocess_groupby:17-19
groupby_spec raw_values; _read_group_prepare:14-16 orderby aggregated_fields annotated_groupbys query;
_read_group_prepare_data:14-16 key value groupby_dict; _read_group_process_groupby:14-16 gb query;
_read_group_raw:14-16 domain fields groupby offset= limit= orderby= lazy=;
_read_group_resolve_many2one_fields:14-14 data fields; _read_group_resolve_many2x_fields:15-16 data fields;
_read_group_select:17-19 aggregate_spec query; _read_grouping_sets:19-19 domain grouping_sets aggregates=
order=; _rec_name_fallback; _recompute_field:16-19 field ids=; _recompute_model:16-19 fnames=;
_recompute_recordset:16-19 fnames=; _register_hook; _revert_method:14-16 name; _search:14-15 args offset=
limit= order= count= access_rights_uid=; _search:16-16 domain offset= limit= order= count=
access_rights_uid=; _search:17-17 domain offset= limit= order= access_rights_uid=; _search:18-18 domain
offset= limit= order=; _search:19-19 domain offset= limit= order= * active_test= bypass_access=;
_search_display_name:18-19 operator value; _setup_base:14-18; _setup_complete:14-18; _setup_fields:14-18;
_sorted_order_to_function:19-19 order; _sql_error_to_message:19-19 exc; _sql_error_to_message_generic:19-19
exc; _table_has_rows; _transient_clean_old_rows max_count; _transient_clean_rows_older_than seconds;
_transient_vacuum; _traverse_related_sql:18-19 alias field query; _unregister_hook; _update_cache values
validate=; _update_field_translations:16-17 field_name translations digest=;
_update_field_translations:18-19 field_name translations digest= source_lang=; _valid_field_parameter field
name; _validate_fields field_names excluded_names=; _validate_properties_definition:19-19
properties_definition field; _where_calc:14-18 domain active_test=; _write vals; _write_multi:18-19
vals_list; action_archive; action_unarchive; browse ids=; check_access:18-19 operation; check_access_rights
operation raise_exception=; check_access_rule operation; check_field_access_rights:14-16 operation fields;
check_field_access_rights:17-19 operation field_names; clear_caches:14-18; compute_concurrency_field:14-14;
compute_concurrency_field_with_access:14-14; concat *args; copy default=; copy_data default=;
copy_multi:17-17 default=; copy_translations new excluded=; create vals_list; default_get:14-18 fields_list;
default_get:19-19 fields; ensure_one; exists; export_data fields_to_export; fetch:17-18 field_names;
fetch:19-19 field_names=; fields_get allfields= attributes=; fields_get_keys:14-16; fields_view_get:14-15
view_id= view_type= toolbar= submenu=; filtered func; filtered_domain domain; flush:14-16 fnames= records=;
flush_model:16-19 fnames=; flush_recordset:16-19 fnames=; get_access_action:14-15 access_uid=; get_base_url;
get_empty_list_help:14-15 help; get_external_id; get_field_translations:16-19 field_name langs=;
get_formview_action:14-15 access_uid=; get_formview_id:14-15 access_uid=; get_metadata;
get_property_definition:17-19 full_name; get_xml_id:16-16; grouped:17-19 key; has_access:18-19 operation;
init; invalidate_cache:14-16 fnames= ids=; invalidate_model:16-19 fnames= flush=; invalidate_recordset:16-19
fnames= flush=; is_transient; load fields data; load_views:14-15 views options=; lock_for_update:19-19 *
allow_referencing=; mapped func; modified fnames create= before=; name_create name; name_get:14-17;
name_search:14-18 name= args= operator= limit=; name_search:19-19 name= domain= operator= limit=; new
values= origin= ref=; onchange:14-16 values field_name field_onchange; onchange:17-19 values field_names
fields_spec; read fields= load=; read_group domain fields groupby offset= limit= orderby= lazy=;
recompute:14-16 fnames= records=; refresh:14-16; search:14-15 args offset= limit= order= count=;
search:16-16 domain offset= limit= order= count=; search:17-19 domain offset= limit= order=;
search_count:14-15 args; search_count:16-19 domain limit=; search_fetch:17-18 domain field_names offset=
limit= order=; search_fetch:19-19 domain field_names= offset= limit= order=; search_read:14-14 domain=
fields= offset= limit= order=; search_read:15-19 domain= fields= offset= limit= order= **read_kwargs; sorted
key= reverse=; sudo flag=; toggle_active; try_lock_for_update:19-19 * allow_referencing= limit=; union
*args; unlink; update values; update_field_translations:16-17 field_name translations;
update_field_translations:18-19 field_name translations source_lang=; user_has_groups:14-17 groups;
view_header_get:14-15 view_id= view_type=; view_init:14-15 fields_list; with_company company;
with_context:14-18 *args **kwargs; with_context:19-19 ctx= **overrides; with_env env; with_prefetch
prefetch_ids=; with_user user; write vals
"""
ATTRIBUTES = frozenset(
    """
_abstract _active_name _allow_sudo_commands _auto _cache _check_company_auto _constraint_methods _context
_cr _custom _date_name _depends _description _fields _fields__ _fold_name _get_xml_ids _inherit
_inherit_children _inherits _module _name _needaction _onchange_methods _ondelete_methods _order _origin
_parent_name _parent_store _populate_dependencies _populate_sizes _rec_name _rec_names_search _register
_sequence _sql_constraints _table _table_objects _table_query _table_sql _transient _transient_max_count
_transient_max_hours _translate _uid
""".split()
)
"""Class attributes and properties of every model."""


@cache
def _table() -> dict[str, list[tuple[int, int, tuple[ParamFact, ...]]]]:
    table: dict[str, list[tuple[int, int, tuple[ParamFact, ...]]]] = {}
    for entry in _METHODS.split(";"):
        head, *params = entry.split()
        name, _, span = head.partition(":")
        first, _, last = span.partition("-")
        row = (int(first or FIRST), int(last or LAST), tuple(_params(params)))
        table.setdefault(name, []).append(row)
    return table


def _params(words: list[str]) -> list[ParamFact]:
    found, kind = [ParamFact("self")], "p"
    for word in words:
        name = word.strip("*=")
        if word.startswith("**"):
            found.append(ParamFact(name, "**"))
        elif word.startswith("*"):
            kind = "k"
            if name:
                found.append(ParamFact(name, "*"))
        else:
            found.append(ParamFact(name, kind, word.endswith("=")))
    return found


@cache
def base_method(name: str, series: int) -> MethodFact | None:
    """The method as ``BaseModel`` of a series (its first number) has it; None when it has none, or before and
    after the series that are known."""
    for first, last, params in _table().get(name, ()):
        if first <= series <= last:
            return MethodFact(name, params=params, returns=True, result="value")
    return None


def elsewhen(name: str, series: int) -> bool:
    """Whether ``BaseModel`` has the method in other series only; what the table leaves out is not judged."""
    return bool(series and name in _table()) and base_method(name, min(max(series, FIRST), LAST)) is None


def known(series: int) -> bool:
    """Whether what is not in the table does not exist in that series."""
    return FIRST <= series <= LAST
