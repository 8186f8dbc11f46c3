import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { expect } from "chai";
import { Relay } from "../../../rehearsal/vpn/relay.ts";
import { until } from "../../support/until.ts";

describe("a relay", () => {
  let folder: string;
  let server: Server;
  let relays: Relay[];
  let taken: Socket[];

  /** A way to the server through two relays, which meet at a socket in the file system. */
  async function throughTwo(): Promise<Socket> {
    const path = join(folder, "middle.sock");
    const { port } = server.address() as AddressInfo;
    relays.push(await Relay.start({ path }, { host: "127.0.0.1", port }));
    relays.push(await Relay.start({ path: join(folder, "first.sock") }, { path }));
    return connect(join(folder, "first.sock"));
  }

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "relay-"));
    [relays, taken] = [[], []];
    server = createServer({ allowHalfOpen: true }, (socket) => taken.push(socket)).listen(0, "127.0.0.1");
    await once(server, "listening");
  });

  afterEach(async () => {
    await Promise.all(relays.map((relay) => relay[Symbol.asyncDispose]()));
    server.close();
    await rm(folder, { recursive: true });
  });

  it("hands on every byte both ways, and the end of each", async () => {
    const sent = Buffer.alloc(3_000_000, "ä€");
    const caller = await throughTwo();
    caller.end(sent);
    await until(async () => taken.length === 1, "a connection", 5000);
    const [called] = taken as [Socket];
    const got = await buffer(called);
    expect(got.equals(sent)).to.equal(true);
    called.end("thanks");
    expect((await buffer(caller)).toString()).to.equal("thanks");
    expect(relays[1]?.connections).to.equal(1);
  });

  it("lets the caller go when the called one is gone", async () => {
    const caller = await throughTwo();
    await until(async () => taken.length === 1, "a connection", 5000);
    taken[0]?.destroy();
    caller.resume();
    await once(caller, "close");
  }).timeout(5000);

  it("refuses whoever calls for nobody, and takes the next one", async () => {
    const path = join(folder, "alone.sock");
    relays.push(await Relay.start({ path }, { path: join(folder, "nobody.sock") }));
    for (const _ of [1, 2]) {
      const caller = connect(path).on("error", () => {});
      caller.resume();
      await once(caller, "close");
    }
    expect(relays[0]?.connections).to.equal(2);
  });
});
