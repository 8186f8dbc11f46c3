import { DescribeDBParametersCommand } from "@aws-sdk/client-rds";
import type { Parameters } from "../../local/mysqld.ts";
import type { AwsCloud } from "../cloud.ts";

/** The family of parameters of MySQL 8.4, the release that the local AWS runs. */
export const FAMILY = "mysql8.4";

/** Where the family's own values differ from MySQL's (DescribeEngineDefaultParameters of the family). */
const DEFAULTS: Parameters = {
  gtid_mode: "OFF_PERMISSIVE",
  enforce_gtid_consistency: "OFF",
  binlog_format: "ROW",
  time_zone: "UTC",
  log_output: "TABLE",
};

/** RDS keeps MySQL's older name of this one (Using GTID-based replication). */
const GTID_MODE = "gtid-mode";

/** What RDS sets itself and nobody may modify (Parameters for MySQL, IsModifiable). */
const FIXED = new Set(
  [
    "basedir bind_address datadir general_log_file innodb_data_home_dir innodb_log_group_home_dir lc_messages_dir",
    "log_bin log_error pid_file plugin_dir port relay_log secure_file_priv server_id server_uuid skip_name_resolve",
    "skip_networking slow_query_log_file socket ssl_ca ssl_cert ssl_key tmpdir version",
  ].flatMap((line) => line.split(" ")),
);

/** What takes effect at a restart only (Server System Variable Reference of MySQL, Dynamic: No). */
const STATIC = new Set(
  [
    "back_log ft_max_word_len ft_min_word_len ft_query_expansion_limit ft_stopword_file innodb_autoinc_lock_mode",
    "innodb_adaptive_hash_index_parts innodb_buffer_pool_chunk_size innodb_buffer_pool_instances innodb_dedicated_server",
    "innodb_buffer_pool_load_at_startup innodb_doublewrite_batch_size innodb_doublewrite_files innodb_doublewrite_pages",
    "innodb_flush_method innodb_force_load_corrupted innodb_ft_cache_size innodb_ft_max_token_size innodb_open_files",
    "innodb_ft_min_token_size innodb_ft_sort_pll_degree innodb_ft_total_cache_size innodb_numa_interleave",
    "innodb_page_cleaners innodb_purge_threads innodb_read_io_threads innodb_read_only innodb_rollback_on_timeout",
    "innodb_sort_buffer_size innodb_sync_array_size innodb_use_native_aio innodb_write_io_threads large_pages",
    "log_replica_updates lower_case_table_names max_digest_length ngram_token_size open_files_limit performance_schema",
    "relay_log_recovery relay_log_space_limit replica_skip_errors skip_replica_start skip_show_database",
    "table_open_cache_instances thread_handling thread_stack",
  ].flatMap((line) => line.split(" ")),
);

/** Why RDS would refuse to set a parameter; undefined when it takes it. @param known names of MySQL's parameters */
export function parameterProblem(
  { name, applyMethod = "immediate" }: { name: string; applyMethod?: string },
  known: ReadonlySet<string>,
): string | undefined {
  const variable = variableOf(name);
  if (!known.has(variable) || (name !== variable && name !== GTID_MODE) || name === "gtid_mode") {
    const hint = variable === "gtid_mode" ? `: it is "${GTID_MODE}" there` : "";
    return `there is no parameter "${name}" in ${FAMILY}${hint} (InvalidParameterValue: Could not find parameter)`;
  }
  if (FIXED.has(variable)) return `"${name}" is not modifiable (InvalidParameterValue)`;
  if (applyMethod === "pending-reboot") return undefined;
  if (applyMethod !== "immediate") {
    return `"${applyMethod}" of "${name}" is no way to apply it: immediate or pending-reboot (ModifyDBParameterGroup)`;
  }
  if (!STATIC.has(variable)) return undefined;
  return `"${name}" is static: its applyMethod must be "pending-reboot" (InvalidParameterCombination)`;
}

/**
 * What a server of a parameter group begins with. Values that RDS computes from the class of the instance,
 * such as {DBInstanceClassMemory*3/4}, are left out: there is no such machine here.
 */
export async function parametersOf(cloud: AwsCloud, group: string | undefined): Promise<Parameters> {
  if (group === undefined) return DEFAULTS;
  const { Parameters: set = [] } = await cloud.rds.send(
    new DescribeDBParametersCommand({ DBParameterGroupName: group, Source: "user" }),
  );
  const own = set
    .filter(({ ParameterName, ParameterValue }) => ParameterName && ParameterValue && !ParameterValue.includes("{"))
    .map(({ ParameterName = "", ParameterValue = "" }) => [variableOf(ParameterName), ParameterValue]);
  return { ...DEFAULTS, ...Object.fromEntries(own) };
}

/** MySQL's own name of a parameter. */
export function variableOf(name: string): string {
  return name.replaceAll("-", "_");
}
