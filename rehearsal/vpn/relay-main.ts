import { type Place, Relay } from "./relay.ts";

/** What `DatabaseWay` says to the process of a relay, as JSON in the first argument. */
export interface RelayOrders {
  from: Place;
  to: Place;
}

const { from, to } = JSON.parse(process.argv[2] ?? "{}") as RelayOrders;
await Relay.start(from, to);
process.stdout.write("ready\n");
