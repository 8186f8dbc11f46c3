import { setTimeout as delay } from "node:timers/promises";
import type { DBSnapshot, RDSClient } from "@aws-sdk/client-rds";
import { type Outputs, textIn } from "../outputs.ts";

/** Between two looks, in milliseconds. */
const PAUSE = 10_000;

/** What a snapshot is, as far as it is waited for. */
export type SeenSnapshot = Pick<DBSnapshot, "Status" | "PercentProgress">;

/** What is asked of RDS. */
export interface Snapshots {
  /** @returns undefined when there is none of that name */
  find(name: string): Promise<SeenSnapshot | undefined>;
  create(name: string): Promise<void>;
}

/**
 * The name of the snapshot that is made before a copy of the standby is loaded: one for each copy, however often that is
 * tried. @example "shop-before-failback-20261122t100000z"
 */
export function snapshotName(workload: string, dump: string): string {
  return `${workload}-before-failback-${dump.toLowerCase()}`;
}

/**
 * Has RDS keep the primary as it is, before anything is loaded over it; done again, it waits for the one that there is.
 *
 * @returns its name
 * @throws Error when RDS could not make it
 */
export async function snapshotPrimary(
  snapshots: Snapshots,
  name: string,
  report: (line: string) => void,
  signal: AbortSignal,
  pause = PAUSE,
): Promise<string> {
  if (!(await snapshots.find(name))) await snapshots.create(name);
  for (;;) {
    signal.throwIfAborted();
    const { Status: status, PercentProgress: percent } = (await snapshots.find(name)) ?? {};
    if (status === "available") return name;
    if (status !== undefined && status !== "creating") {
      throw new Error(
        `expected the snapshot ${name} to become available, found it ${status}: delete it, see the instance's events in ` +
          "RDS, and begin again",
      );
    }
    report(`snapshot ${name}: ${status ?? "asked for"}${percent === undefined ? "" : `, ${percent} %`}`);
    await delay(pause, undefined, { signal });
  }
}

/** The snapshots of the primary's database. @param prod outputs of stack prod */
export async function openSnapshots(prod: Outputs): Promise<Snapshots> {
  const { RDSClient } = await import("@aws-sdk/client-rds");
  return rdsSnapshots(
    new RDSClient({ region: textIn(prod, "region") }),
    textIn(prod, "databaseIdentifier"),
    prod.workload,
  );
}

async function rdsSnapshots(client: RDSClient, instance: string, workload: string): Promise<Snapshots> {
  const { CreateDBSnapshotCommand, DBSnapshotNotFoundFault, DescribeDBSnapshotsCommand } = await import(
    "@aws-sdk/client-rds"
  );
  return {
    async find(name) {
      try {
        const { DBSnapshots } = await client.send(new DescribeDBSnapshotsCommand({ DBSnapshotIdentifier: name }));
        return DBSnapshots?.[0];
      } catch (error) {
        if (error instanceof DBSnapshotNotFoundFault) return undefined;
        throw error;
      }
    },
    async create(name) {
      const Tags = [
        { Key: "workload", Value: workload },
        { Key: "purpose", Value: "the primary before failback" },
      ];
      await client.send(
        new CreateDBSnapshotCommand({ DBInstanceIdentifier: instance, DBSnapshotIdentifier: name, Tags }),
      );
    },
  };
}
