import { hostname } from "node:os";
import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { OperationFailed, type Outcome, up, type Watch } from "./stacks.ts";

/** How often it goes on after an engine was killed, before somebody has to look. */
const MOST_TRIES = 3;

/** Who locks a state, in the words of the engine's backends for files and buckets. */
const LOCKED_BY = /created by (\S*)@(\S+) \(pid (\d+)\) at (\S+)/g;

/**
 * An `up` that goes on where an engine of this machine was killed: that leaves a lock on the state, which would keep
 * everybody away for good.
 *
 * @throws OperationFailed, also when somebody else holds the state
 */
export async function upAgain(stack: Stack, watch: Watch): Promise<Outcome> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await up(stack, watch);
    } catch (error) {
      if (!(error instanceof OperationFailed) || watch.signal?.aborted || tries === MOST_TRIES) throw error;
      const holders = holdersIn(String(error.cause));
      if (holders.length === 0 && !wasKilled(error)) throw error;
      const alive = holders.find(({ host, pid }) => host !== hostname() || runs(pid));
      if (alive) throw new OperationFailed(stack.name, "up", [heldBy(stack.name, alive)], error);
      if (holders.length > 0) await stack.cancel();
      watch.report?.(`an engine was killed while it was at stack ${stack.name}; it goes on`);
    }
  }
}

interface Holder {
  user: string;
  host: string;
  pid: number;
  since: string;
}

/** Who holds the state, as the engine says when it finds it locked: below its complaint, in lines of their own. */
export function holdersIn(message: string): Holder[] {
  return [...message.matchAll(LOCKED_BY)].map(([, user = "", host = "", pid, since = ""]) => ({
    ...{ user, host, since },
    pid: Number(pid),
  }));
}

function heldBy(stack: string, { user, host, pid, since }: Holder): string {
  return (
    `expected nobody else at its state, found ${user}@${host} (process ${pid}) since ${since}. Wait for them; if nobody ` +
    `is at work there any more, \`pulumi cancel --stack ${stack} --yes\`, and run this again`
  );
}

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Whether the engine ended by a signal, and so said nothing of what it did. Its exit code is made up then. */
function wasKilled({ cause }: OperationFailed): boolean {
  const result = (cause as { commandResult?: { err?: { signal?: string } } } | undefined)?.commandResult;
  return result?.err?.signal !== undefined;
}
