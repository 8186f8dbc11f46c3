import type { Connection, RowDataPacket } from "mysql2/promise";
import { listed } from "../listed.ts";
import type { Obstacle } from "../manifest.ts";
import { ask } from "./asking.ts";

/** Everything with a definer. */
const PROGRAMS = `
  SELECT CONCAT(table_schema, '.', table_name) AS name, definer AS definer, 'SQL' AS language
  FROM information_schema.views WHERE table_schema IN (?)
  UNION ALL SELECT CONCAT(routine_schema, '.', routine_name), definer, external_language
  FROM information_schema.routines WHERE routine_schema IN (?)
  UNION ALL SELECT CONCAT(trigger_schema, '.', trigger_name), definer, 'SQL'
  FROM information_schema.triggers WHERE trigger_schema IN (?)
  UNION ALL SELECT CONCAT(event_schema, '.', event_name), definer, 'SQL'
  FROM information_schema.events WHERE event_schema IN (?)`;

const EVENTS = `
  SELECT CONCAT(event_schema, '.', event_name) AS name FROM information_schema.events
  WHERE event_schema IN (?) AND status = 'ENABLED' ORDER BY 1`;

/** Functions that are code outside of MySQL; those without a file are MySQL's own. */
const LOADED = `
  SELECT udf_name AS name, udf_library AS file FROM performance_schema.user_defined_functions
  WHERE udf_library IS NOT NULL ORDER BY 1`;

/** What stands in the way of views, routines, triggers, events, and of code that is loaded into the server. */
export async function programObstacles(connection: Connection, schemas: readonly string[]): Promise<Obstacle[]> {
  const programs = await ask(connection, PROGRAMS, [schemas, schemas, schemas, schemas]);
  const [self] = await ask(connection, "SELECT CURRENT_USER() AS name");
  const accounts = await ask(connection, "SELECT CONCAT(user, '@', host) AS name FROM mysql.user");
  const known = new Set(accounts.map(({ name }) => String(name)));
  return [
    ...definerObstacles(programs, String(self?.name), known),
    ...programs.filter(({ language }) => language !== "SQL").map(languageObstacle),
    ...eventObstacles(await ask(connection, EVENTS, [schemas])),
    ...(await ask(connection, LOADED)).map(loadedObstacle),
    ...(await ask(connection, "SELECT component_urn AS name FROM mysql.component ORDER BY 1")).map(componentObstacle),
  ];
}

function definerObstacles(programs: RowDataPacket[], administrator: string, known: ReadonlySet<string>): Obstacle[] {
  const byDefiner = Map.groupBy(programs, ({ definer }) => String(definer));
  byDefiner.delete(administrator);
  return [...byDefiner].map(([subject, defined]) => {
    const names = listed(defined.map(({ name }) => String(name)));
    if (!known.has(subject)) {
      const problem = `does not exist, and is the definer of ${names}, which therefore can't be used (error 1449)`;
      return {
        severity: "error",
        subject,
        problem,
        mend: "make that account, or define them anew as the administrator",
      };
    }
    // DEFINER requires SUPER privileges (Limitations in Azure Database for MySQL - Flexible Server).
    const problem = `is the definer of ${names}; on Azure a dump can give them no definer but the administrator, with all that one may do`;
    const mend = "define them with SQL SECURITY INVOKER where they may not do more than who calls them";
    return { severity: "warning", subject, problem, mend };
  });
}

function languageObstacle({ name, language }: RowDataPacket): Obstacle {
  const problem = `is written in ${language}, and Azure runs SQL only`;
  return { severity: "error", subject: name, problem, mend: "write it in SQL, or in the app" };
}

function eventObstacles(events: RowDataPacket[]): Obstacle[] {
  return events.map(({ name }) => ({
    severity: "warning",
    subject: name,
    problem:
      "runs by the clock, at one site only: at the standby it sleeps until that is promoted, and the primary's goes on if that one lives",
    mend: "see that it does no harm when it is left out for a while or, after a disaster, done at both sites",
  }));
}

function loadedObstacle({ name, file }: RowDataPacket): Obstacle {
  const problem = `is a function of the library ${file}, and no library can be loaded on Azure`;
  return { severity: "error", subject: name, problem, mend: "write it as a stored function, or in the app" };
}

function componentObstacle({ name }: RowDataPacket): Obstacle {
  const problem = "is a component of the server, and on Azure none can be installed";
  return { severity: "warning", subject: name, problem, mend: "see that the app does without it" };
}
