import type { Connection, RowDataPacket } from "mysql2/promise";
import { connect, type Login } from "../../lambdas/database/connection.ts";
import { countOf } from "../../lambdas/database/gtid.ts";
import { workloadsWrites } from "../../lambdas/database/logged-writes.ts";
import type { Manifest } from "../../lambdas/database/manifest.ts";
import { type Outputs, textIn } from "../outputs.ts";

/**
 * Transactions whose binary log is read one by one, at most: some minutes. What is more, nobody reads through either.
 */
const MOST_READ = 50_000;

/** The primary's administrator, by the operator's own credentials. @param prod outputs of stack prod */
export async function primaryLogin(prod: Outputs): Promise<Login> {
  const [{ SecretsManagerClient }, { readCredentials }] = await Promise.all([
    import("@aws-sdk/client-secrets-manager"),
    import("../../lambdas/database/secrets.ts"),
  ]);
  const client = new SecretsManagerClient({ region: textIn(prod, "region") });
  const credentials = await readCredentials(client, textIn(prod, "databaseSecretArn"));
  return { host: textIn(prod, "databaseAddress"), port: portIn(prod), ...credentials };
}

function portIn({ stack, values }: Outputs): number {
  const port = Number(values.databasePort);
  if (Number.isInteger(port) && port > 0) return port;
  throw new Error(
    `expected the output databasePort of stack ${stack}, found ${values.databasePort}: deploy it as it is now`,
  );
}

/** What the primary has and the standby never had: once the copy is loaded, only the snapshot still has it. */
export interface Missing {
  /** Set of the transactions; undefined where the primary counts none, so that nobody can tell. */
  gtid?: string;
  /** How many, with the clouds' own and those on accounts. */
  transactions: number;
  /** How many of them change the workload's rows and definitions; undefined where they are too many to be read. */
  writes?: number;
  /** What they change: tables, and statements that are not on rows. */
  subjects: string[];
}

/** Which transactions the primary has that are not in a copy of the standby. @param login of its administrator */
export async function missingAtStandby(login: Login, { frozen, own }: Manifest): Promise<Missing> {
  const connection = await connect(login);
  try {
    const gtid = await subtracted(connection, [frozen.gtid, own?.ofPrimary ?? ""]);
    if (gtid === undefined) return { transactions: 0, subjects: [] };
    const transactions = countOf(gtid);
    if (transactions > MOST_READ) return { gtid, transactions, subjects: [] };
    const writes = gtid === "" ? [] : await workloadsWrites(connection, gtid);
    return {
      gtid,
      transactions,
      writes: writes.length,
      subjects: [...new Set(writes.flatMap((each) => each.subjects))],
    };
  } finally {
    connection.destroy();
  }
}

/** @returns undefined where the server counts no transactions */
async function subtracted(connection: Connection, sets: string[]): Promise<string | undefined> {
  const known = sets.filter((set) => set !== "").join(",");
  const [[row]] = await connection.query<RowDataPacket[]>(
    "SELECT @@GLOBAL.gtid_mode AS mode, GTID_SUBTRACT(@@GLOBAL.gtid_executed, ?) AS rest",
    [known],
  );
  return row?.mode === "ON" ? String(row.rest).replaceAll(/\s/g, "") : undefined;
}

/** For people. */
export function renderMissing({ gtid, transactions, writes, subjects }: Missing): string {
  if (gtid === undefined) return "the primary counts no transactions (gtid_mode), so what only it has can't be told";
  if (writes === 0 || transactions === 0) return "the primary has nothing of the workload's that the standby never had";
  const many = writes === undefined ? `up to ${transactions} transactions` : `${writes} transactions`;
  const what =
    subjects.length === 0 ? "" : ` (${subjects.slice(0, 10).join(", ")}${subjects.length > 10 ? ", …" : ""})`;
  return `the primary has ${many} of which the standby knows nothing${what}; only the snapshot has them afterwards`;
}
