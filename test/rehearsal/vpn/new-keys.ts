import { setTimeout as delay } from "node:timers/promises";
import type { Charon } from "../../../rehearsal/vpn/charon.ts";

/** How long new keys may take, in milliseconds; a tenth of a second on idle cores. */
const PATIENCE = 8000;

/**
 * Has one end ask for new keys, first of phase 2 and then of phase 1.
 *
 * @returns for each, whether both ends came to have them
 */
export async function newKeys(asking: Charon, asked: Charon): Promise<{ ike: boolean; child: boolean }> {
  const child = await changes("child", asking, asked);
  const ike = await changes("ike", asking, asked);
  return { ike, child };
}

async function changes(phase: "ike" | "child", asking: Charon, asked: Charon): Promise<boolean> {
  const numbers = async () => Promise.all([asking, asked].map(async (end) => (await end.sas())?.[phase]?.number));
  const before = await numbers();
  await asking.rekey(phase);
  const deadline = performance.now() + PATIENCE;
  while (performance.now() < deadline) {
    const now = await numbers();
    if (now.every((number, end) => number !== undefined && number !== before[end])) return true;
    await delay(100);
  }
  return false;
}
