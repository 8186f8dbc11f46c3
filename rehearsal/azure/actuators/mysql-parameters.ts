import type { Parameters } from "../../local/mysqld.ts";
import type { Refusal } from "../../provider/actuator.ts";
import type { Properties } from "../../provider/codec.ts";
import type { AzureCloud } from "../cloud.ts";
import { FLEXIBLE_SERVERS } from "../flexible-servers.ts";
import { REPLICA_FILTER } from "./mysql-procedures.ts";

/** Where Azure's values differ from MySQL's own (Server parameters in Azure Database for MySQL - Flexible Server). */
const DEFAULTS: Parameters = {
  ...REPLICA_FILTER,
  binlog_format: "ROW",
  enforce_gtid_consistency: "OFF",
  gtid_mode: "OFF",
  require_secure_transport: "ON",
  sql_generate_invisible_primary_key: "ON",
};

/** A server with high availability has GTIDs from the start (Read replicas, Global transaction identifier). */
const WITH_STANDBY: Parameters = { enforce_gtid_consistency: "ON", gtid_mode: "ON" };

/** What is Azure's own: kept, and told to no MySQL (Audit logs; Microsoft Entra authentication). */
const AZURES_OWN = /^(audit_(log|slow)_\w+|aad_auth_\w+|error_server_log_file|redirect_enabled|azure_\w+)$/;

/** What Azure sets itself (Server parameters, Nonmodifiable server parameters); the names' case is settled at creation. */
const FIXED = new Set(
  "basedir bind_address datadir log_bin lower_case_table_names pid_file plugin_dir port secure_file_priv server_id socket ssl_ca ssl_cert ssl_key tmpdir".split(
    " ",
  ),
);

/** The modes of GTIDs; a server goes up by one at a time, and never down (Read replicas, Global transaction identifier). */
const GTID_MODES = ["OFF", "OFF_PERMISSIVE", "ON_PERMISSIVE", "ON"];

/** What database servers consist of: their resources, and what runs behind them. */
export type Databases = Pick<AzureCloud, "databases" | "resources">;

/** What a server has where no configuration says otherwise. @param server its inputs */
export function defaultParameters(server: Properties): Parameters {
  const { mode = "Disabled" } = (server.highAvailability ?? {}) as { mode?: string };
  return mode === "Disabled" ? DEFAULTS : { ...DEFAULTS, ...WITH_STANDBY };
}

/** What a server is to have: its defaults, and over them its configurations. @param id of the server */
export function parametersOf(id: string, { resources }: Databases): Parameters {
  const own = resources
    .list(`${FLEXIBLE_SERVERS}/configurations`)
    .filter((each) => each.id.toLowerCase().startsWith(`${id.toLowerCase()}/`))
    .map(({ properties }) => [String(properties.configurationName), String(properties.value)])
    .filter(([name = ""]) => !isAzuresOwn(name));
  return { ...defaultParameters(resources.get(id)?.properties ?? {}), ...Object.fromEntries(own) };
}

export function isAzuresOwn(name: string): boolean {
  return AZURES_OWN.test(name);
}

/** What Azure would refuse about a configuration. @param id of its server */
export function configurationRefusals(inputs: Properties, id: string, cloud: Databases): Refusal[] {
  const { configurationName: name, source, value } = inputs;
  const refusals: Refusal[] = [];
  if (typeof name === "string" && !isAzuresOwn(name)) {
    if (!cloud.databases.mysql.parameters.has(name)) {
      const reason = `there is no server parameter "${name}" (ServerParameterNotFound; Server parameters)`;
      refusals.push({ property: "configurationName", reason });
    } else if (FIXED.has(name)) {
      const reason = `"${name}" is Azure's to set (Server parameters, Nonmodifiable server parameters)`;
      refusals.push({ property: "configurationName", reason });
    }
  }
  if (name === "binlog_format" && value !== undefined && value !== "ROW") {
    refusals.push({
      property: "value",
      reason: `"${value}": Azure writes rows only, expected ROW (Server parameters)`,
    });
  }
  if (source !== undefined && source !== "user-override" && source !== "system-default") {
    const reason = `"${source}" is no source: user-override or system-default (Configurations - Update)`;
    refusals.push({ property: "source", reason });
  }
  const step = name === "gtid_mode" && cloud.resources.exists(id) ? gtidProblem(parametersOf(id, cloud), value) : "";
  if (step) refusals.push({ property: "value", reason: step });
  return refusals;
}

function gtidProblem({ gtid_mode: current = "OFF" }: Parameters, value: unknown): string | undefined {
  const wanted = GTID_MODES.indexOf(String(value).toUpperCase());
  const distance = wanted - GTID_MODES.indexOf(current.toUpperCase());
  if (value === undefined || distance === 0 || distance === 1) return undefined;
  return (
    `gtid_mode is ${current} and is to be ${value}: it goes up one step at a time, ${GTID_MODES.join(", ")}, and ` +
    "never down (Read replicas, Global transaction identifier)"
  );
}
