import type { TokenCredential } from "@azure/identity";
import { z } from "zod";
import { ResourceManager } from "../shared/resource-manager.ts";
import type { Preparation } from "./follower-preparation.ts";
import type { Action, SeenServer } from "./next-step.ts";

/** The newest stable API of Microsoft.DBforMySQL/flexibleServers that has all that is used here. */
const API_VERSION = "2023-12-30";

const serverAnswer = z.object({
  properties: z.object({ state: z.string(), replicationRole: z.string().default("None") }),
});

/** The MySQL Flexible Servers of Azure, as far as the controller sees and moves them. */
export class DatabaseServers {
  readonly #manager: ResourceManager;

  /** @param endpoint of the Resource Manager @default as {@link ResourceManager} has it */
  constructor(credential: TokenCredential, endpoint?: string) {
    this.#manager = new ResourceManager(credential, endpoint);
  }

  /** A server as it is now; undefined when there is none. */
  async read(serverId: string, signal: AbortSignal): Promise<SeenServer | undefined> {
    const found = await inTime(this.#manager.get(serverId, API_VERSION, signal), serverId, signal);
    if (found === undefined) return undefined;
    const answer = serverAnswer.safeParse(found);
    if (answer.success) return answer.data.properties;
    throw new Error(
      `GET ${serverId}: expected a server, found ${JSON.stringify(found).slice(0, 500)}\n${z.prettifyError(answer.error)}`,
    );
  }

  /** Has Azure begin what takes minutes; it is under way, not done, when this returns. */
  async begin(action: Action, serverId: string, signal: AbortSignal): Promise<void> {
    const begun = this.#manager.post(`${serverId}/${action}`, API_VERSION, undefined, signal);
    await inTime(begun, `${serverId}/${action}`, signal);
  }

  /** Has Azure do what a server needs to follow another one; it is under way, not done, when this returns. */
  async prepare(preparation: Preparation, serverId: string, signal: AbortSignal): Promise<void> {
    if (preparation.kind === "gtids") {
      const reset = `${serverId}/resetGtid`;
      await inTime(this.#manager.post(reset, API_VERSION, { gtidSet: preparation.gtid }, signal), reset, signal);
      return;
    }
    const { name, value } = preparation;
    const parameter = `${serverId}/configurations/${name}`;
    const properties = { value, source: "user-override" };
    await inTime(this.#manager.put(parameter, API_VERSION, { properties }, signal), parameter, signal);
  }
}

/** What a call comes to. @throws Error that says so where the time was over */
async function inTime<T>(call: Promise<T>, id: string, signal: AbortSignal): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new Error(`${id}: no good answer in time; Azure throttles, or cannot be reached`, { cause: error });
  }
}
