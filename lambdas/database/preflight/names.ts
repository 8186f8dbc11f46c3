import type { Connection } from "mysql2/promise";
import { listed } from "../listed.ts";
import type { Obstacle } from "../manifest.ts";
import { ask } from "./asking.ts";

const NAMES = `
  SELECT table_schema AS \`schema\`, table_name AS name FROM information_schema.tables
  WHERE table_schema IN (?) ORDER BY 1, 2`;

/**
 * What stands in the way of names: an Azure server writes those of schemas and tables in lower case (lower_case_table_names
 * is 1 and can't be changed; Limitations in Azure Database for MySQL - Flexible Server). A primary with the same setting
 * has no such names.
 */
export async function nameObstacles(connection: Connection, schemas: readonly string[]): Promise<Obstacle[]> {
  const [setting] = await ask(connection, "SELECT @@lower_case_table_names AS value");
  if (Number(setting?.value) === 1) return [];
  const tables = await ask(connection, NAMES, [schemas]);
  const bySchema = Map.groupBy(tables, ({ schema }) => String(schema));
  return [
    ...collisions(schemas),
    ...[...bySchema.values()].flatMap((rows) => collisions(rows.map(({ schema, name }) => `${schema}.${name}`))),
    ...capitals(schemas),
    ...[...bySchema.values()].flatMap((rows) =>
      capitals(
        rows.map(({ name }) => String(name)),
        rows[0]?.schema,
      ),
    ),
  ];
}

/** @param names in full */
export function collisions(names: readonly string[]): Obstacle[] {
  const alike = [...Map.groupBy(names, (name) => name.toLowerCase()).values()].filter(({ length }) => length > 1);
  return alike.map(([subject = "", ...others]) => ({
    severity: "error",
    subject,
    problem: `differs from ${others.join(", ")} only in case, and the standby has lower case only: they would be one`,
    mend: "give all but one of them other names",
  }));
}

function capitals(names: readonly string[], schema?: string): Obstacle[] {
  const found = names.filter((name) => name !== name.toLowerCase());
  if (found.length === 0) return [];
  return [
    {
      severity: "warning",
      subject: schema ?? listed(found),
      problem: `has names with capitals${schema ? ` (${listed(found)})` : ""}: at the standby they are found in any case, and listed in lower case`,
      mend: "see that the app asks for names as they are listed, and on the way back to a primary that tells cases apart writes them as they were",
    },
  ];
}
