import type { Connection } from "mysql2/promise";
import type { Definitions, Program } from "./definitions.ts";
import { refusalOf, type ServerError } from "./refusal.ts";
import { qualified, quoted } from "./sql.ts";
import { rowsTold } from "./told.ts";

type Event = Definitions["events"][number];

/** A program that is to be made. */
interface Making {
  /** @example "view shop.v" */
  what: string;
  program: Program;
  create: string;
  timeZone?: string;
}

/** Kinds of programs with the statement that lists a schema's, in the order in which they go: none needs what went. */
const LISTS = {
  EVENT: "SELECT event_name, 'EVENT' FROM information_schema.events WHERE event_schema = ?",
  TRIGGER: "SELECT trigger_name, 'TRIGGER' FROM information_schema.triggers WHERE trigger_schema = ?",
  VIEW: "SELECT table_name, 'VIEW' FROM information_schema.views WHERE table_schema = ?",
  ROUTINE: "SELECT routine_name, routine_type FROM information_schema.routines WHERE routine_schema = ?",
} as const;

/** A name in the quotes of the mode in which a program was made. */
const NAME = '(?:`(?:[^`]|``)*`|"(?:[^"]|"")*")';
const DEFINER = new RegExp(`^(CREATE (?:ALGORITHM=\\w+ )?DEFINER=)(${NAME}@${NAME})`);
const STATUS = new RegExp(
  `^(CREATE DEFINER=${NAME}@${NAME} EVENT ${NAME} ON SCHEDULE .*? ON COMPLETION (?:NOT )?PRESERVE) ` +
    "(?:ENABLE|DISABLE ON (?:SLAVE|REPLICA)|DISABLE)",
  "s",
);

/** The server's "you may not": here, that somebody else shall be a program's definer. */
const NOT_ALLOWED = "ER_SPECIFIC_ACCESS_DENIED_ERROR";

/** Drops all views, routines, triggers and events of a schema; with a routine go the grants on it. */
export async function dropPrograms(connection: Connection, schema: string): Promise<void> {
  for (const list of Object.values(LISTS)) {
    for (const [name = "", kind] of await rowsTold(connection, list, [schema])) {
      await connection.query(`DROP ${kind} IF EXISTS ${qualified(schema, name)}`);
    }
  }
}

/**
 * Gives schemas the programs that they are defined to have, and no others. Safe to run again, however far it came.
 *
 * Definers must be there already, and tables; grants on routines come after it. Events sleep: see `wakeEvents`.
 *
 * @param connection one without a schema of its own; it is left with the session's usual settings
 * @returns sentences on what is not as it is defined
 */
export async function createPrograms(
  connection: Connection,
  { schemas, routines, views, triggers, events }: Definitions,
): Promise<string[]> {
  for (const { name } of schemas) await dropPrograms(connection, name);
  const makings = (kind: string, programs: Program[]): Making[] =>
    programs.map((program) => ({
      what: `${kind} ${program.schema}.${program.name}`,
      program,
      create: program.create,
    }));
  return [
    ...(await makeAll(
      connection,
      routines.flatMap((one) => makings(one.kind.toLowerCase(), [one])),
    )),
    ...(await makeAll(connection, makings("view", views))),
    ...(await makeAll(connection, makings("trigger", triggers))),
    ...(await makeAll(connection, events.map(sleeping))),
  ];
}

/** Events change data, and at a standby nothing does: those that run at the primary sleep as a replica's do. */
function sleeping(event: Event): Making {
  return {
    what: `event ${event.schema}.${event.name}`,
    program: event,
    create: event.create.replace(STATUS, `$1 ${event.enabled ? "DISABLE ON REPLICA" : "DISABLE"}`),
    timeZone: event.timeZone,
  };
}

/** Makes programs that may need one another, in whatever order they come. */
async function makeAll(connection: Connection, makings: Making[]): Promise<string[]> {
  const differences: string[] = [];
  let left = makings;
  while (left.length > 0) {
    const refused: { making: Making; refusal: ServerError }[] = [];
    for (const making of left) {
      const refusal = await make(connection, making, differences);
      if (refusal) refused.push({ making, refusal });
    }
    if (refused.length === left.length) {
      return [...differences, ...refused.map(({ making, refusal }) => `${making.what} not made: ${refusal.message}`)];
    }
    left = refused.map(({ making }) => making);
  }
  return differences;
}

/** Makes a program with its own definer, else with ourselves as that. @returns why not, where the server refuses both */
async function make(connection: Connection, making: Making, differences: string[]): Promise<ServerError | undefined> {
  const refusal = await refusalOf(inSessionOf(connection, making, making.create));
  if (refusal?.code !== NOT_ALLOWED) return refusal;
  const own = making.create.replace(DEFINER, "$1CURRENT_USER");
  const second = await refusalOf(inSessionOf(connection, making, own));
  if (second) return second;
  const definer = DEFINER.exec(making.create)?.[2]?.replaceAll('"', "`");
  differences.push(`${making.what}: definer ${definer} replaced by the administrator, who may not make it another's`);
  return undefined;
}

async function inSessionOf(connection: Connection, { program, timeZone }: Making, create: string): Promise<void> {
  try {
    await connection.query(`USE ${quoted(program.schema)}`);
    await connection.query("SET SESSION sql_mode = ?, character_set_client = ?, collation_connection = ?", [
      program.sqlMode,
      clientCharacterSet(program),
      program.collation,
    ]);
    if (timeZone) await connection.query("SET SESSION time_zone = ?", [timeZone]);
    await connection.query(create);
  } finally {
    await connection.query("SET NAMES utf8mb4");
    await connection.query("SET SESSION sql_mode = '', time_zone = '+00:00'");
  }
}

/**
 * The character set in which the server shall take the statement. What we send is UTF-8; other than in the server's own
 * note of it that is no difference, for texts in it are of the connection's character set either way.
 */
function clientCharacterSet({ characterSet, create }: Program): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII is the same in UTF-8.
  return characterSet === "utf8mb3" || /^[\x00-\x7f]*$/.test(create) ? characterSet : "utf8mb4";
}
