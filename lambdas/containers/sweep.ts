import { forEachOf } from "../shared/parallel.ts";
import { askFor } from "./events.ts";
import type { Registry } from "./registry.ts";
import type { Replicator } from "./work.ts";

/** Tags that are compared at once. */
const PARALLEL = 8;

/** How a repository stands at the standby. */
export interface Standing {
  repository: string;
  /** How many tags the source has. */
  tags: number;
  /** Those that are missing at the standby, or stand for something else there. */
  behind: string[];
}

/** Compares the tags of repositories at both sides. Tags that only the target has are none of the source's business. */
export async function compare(
  source: Registry,
  target: Registry,
  repositories: readonly string[],
): Promise<Standing[]> {
  const standings: Standing[] = [];
  for (const repository of repositories) {
    const standing: Standing = { repository, tags: 0, behind: [] };
    await forEachOf(source.tags(repository), PARALLEL, async (tag) => {
      const [here, there] = await Promise.all([source.digestOf(repository, tag), target.digestOf(repository, tag)]);
      if (here === undefined) return;
      standing.tags++;
      if (here !== there) standing.behind.push(tag);
    });
    standing.behind.sort();
    standings.push(standing);
  }
  return standings;
}

/**
 * Has every tag looked at anew: an event may be lost ("Amazon ECR events": they are sent on a best-effort basis), and
 * so may a signature's that changes no tag.
 *
 * @returns how many
 */
export async function sweep({ source, messages, repositories }: Replicator): Promise<number> {
  let asked = 0;
  for (const repository of repositories) {
    const bodies: string[] = [];
    for await (const tag of source.tags(repository)) bodies.push(askFor(repository, tag));
    await messages.enqueue(bodies);
    asked += bodies.length;
  }
  return asked;
}
