import type { AzureCloud } from "../cloud.ts";
import { type Databases, isAzuresOwn, parametersOf } from "./mysql-parameters.ts";

/** MySQL's own error code for a variable that a running server does not change. */
const READ_ONLY = 1238;

/** Ends a server, drops a database, or brings a parameter back to Azure's own value, once its resource is gone. */
export async function releaseMysql(id: string, cloud: AzureCloud): Promise<void> {
  const [, server, kind, name = ""] = /^(.*\/flexibleServers\/[^/]+)(?:\/(\w+)\/([^/]+))?$/i.exec(id) ?? [];
  if (server === undefined) return;
  if (kind === undefined) await cloud.databases.destroy(server);
  // What lives in a server goes with it.
  else if (!cloud.resources.exists(server)) return;
  else if (kind === "databases") await cloud.databases.get(server).query("DROP DATABASE IF EXISTS ??", [name]);
  else if (kind === "configurations") await setParameter(server, name, parametersOf(server, cloud)[name], cloud);
}

/** Sets a parameter now, or at the next start where it can't be changed before. @param value MySQL's own when undefined */
export async function setParameter(
  id: string,
  name: string,
  value: string | undefined,
  cloud: Databases,
): Promise<void> {
  if (isAzuresOwn(name)) return;
  expectRunning(id, cloud);
  const server = cloud.databases.get(id);
  await server.setGlobal(name, value).catch((error: { errno?: number; message: string }) => {
    if (error.errno !== READ_ONLY) throw new Error(`${name} can't be ${value ?? "set back"}: ${error.message}`);
  });
  const { [name]: _former, ...others } = parametersOf(id, cloud);
  await server.configure(value === undefined ? others : { ...others, [name]: value });
}

/** @throws Error when the server is stopped */
export function expectRunning(id: string, cloud: Databases): void {
  const hindrance = stopped(id, cloud);
  if (hindrance !== undefined) throw new Error(hindrance);
}

/** Why nothing of a server can be changed now; undefined when it can. */
export function stopped(id: string, { databases }: Databases): string | undefined {
  if (databases.find(id)?.isRunning !== false) return undefined;
  return `${id} is stopped: nothing of it can be changed before it is started (Stop/Start an Azure Database for MySQL - Flexible Server)`;
}
