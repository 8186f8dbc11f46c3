import type { Connection } from "mysql2/promise";
import { ReplicatedSites, type Site } from "./replicated-sites.ts";

/** A primary and a standby with the same rows, and an administrator's connection to each. */
export interface LivePair {
  sites: ReplicatedSites;
  primary: Site;
  standby: Site;
  onPrimary: Connection;
  onStandby: Connection;
  /** Set of the transactions that the standby's data have. */
  gtid: string;
}

/** Makes a pair anew before each test of a describe block, and hands it over. */
export function useLivePair(take: (pair: LivePair) => void): void {
  let sites: ReplicatedSites;
  before(async () => {
    sites = await ReplicatedSites.create();
  });
  beforeEach(async () => {
    const pair = await sites.pair();
    const onPrimary = await sites.connect(pair.primary.administrator);
    take({ sites, ...pair, onPrimary, onStandby: await sites.connect(pair.standby.administrator) });
  });
  afterEach(() => sites.clear());
  after(() => sites[Symbol.asyncDispose]());
}
