import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { Pool, type PoolOptions, type Probe, type Target } from "../../../rehearsal/local/pool.ts";
import { until } from "../../support/until.ts";

const PROBE: Probe = {
  scheme: "http",
  path: "/well",
  interval: 100,
  timeout: 1000,
  healthyAfter: 2,
  unhealthyAfter: 2,
  accepts: (status) => status === 200,
};

describe("a pool of servers behind a balancer", () => {
  const open: (() => void)[] = [];
  afterEach(() => {
    for (const close of open.splice(0)) close();
  });

  /** A server that answers with its status, and counts who asked. */
  class Backend {
    status = 200;
    asked: string[] = [];
    readonly server: Server = createServer(({ url = "" }, response) => {
      this.asked.push(url);
      response.writeHead(this.status).end();
    });

    async target(id: string): Promise<Target> {
      await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
      open.push(() => this.server.close());
      return { id, host: "127.0.0.1", port: (this.server.address() as AddressInfo).port };
    }
  }

  function poolOf(targets: () => Target[], options: Partial<PoolOptions> = {}): Pool {
    const pool = new Pool({ probe: PROBE, failOpen: false, ...options });
    open.push(() => pool[Symbol.dispose]());
    pool.register("a fleet", targets);
    return pool;
  }

  const stateOf = (pool: Pool, id: string) => pool.health().get(id);

  it("has nobody to send to before somebody was found well", async () => {
    const backend = new Backend();
    const target = await backend.target("a");
    const pool = poolOf(() => [target]);
    expect([pool.next(), stateOf(pool, "a")]).to.deep.equal([undefined, "initial"]);
    await until(() => stateOf(pool, "a") === "healthy", "a is healthy");
    expect(pool.next()).to.equal(target);
    expect(new Set(backend.asked)).to.deep.equal(new Set(["/well"]));
  });

  it("takes the well ones in turn", async () => {
    const targets = await Promise.all(["a", "b", "c"].map((id) => new Backend().target(id)));
    const pool = poolOf(() => targets);
    await until(() => [...pool.health().values()].every((state) => state === "healthy"), "all are healthy");
    const turns = Array.from({ length: 6 }, () => pool.next()?.id);
    expect(turns.sort()).to.deep.equal(["a", "a", "b", "b", "c", "c"]);
  });

  it("leaves one out after as many bad looks as it is told, and takes it back after as many good ones", async () => {
    const backend = new Backend();
    const target = await backend.target("a");
    const pool = poolOf(() => [target]);
    await until(() => stateOf(pool, "a") === "healthy", "a is healthy");
    backend.status = 503;
    backend.asked = [];
    await until(() => stateOf(pool, "a") === "unhealthy", "a is unhealthy");
    expect(backend.asked).to.have.length(2);
    expect(pool.next()).to.equal(undefined);
    backend.status = 200;
    backend.asked = [];
    await until(() => stateOf(pool, "a") === "healthy", "a is healthy again");
    expect(backend.asked).to.have.length(2);
  });

  it("sends to the unhealthy rather than to nobody, where it is told to", async () => {
    const target = { id: "a", host: "127.0.0.1", port: 1 };
    const pool = poolOf(() => [target], { failOpen: true });
    await until(() => stateOf(pool, "a") === "unhealthy", "a is unhealthy");
    expect(pool.next()).to.equal(target);
  });

  it("sees at once who has come and who has gone, from every source", async () => {
    const [a, b] = await Promise.all(["a", "b"].map((id) => new Backend().target(id)));
    let targets = [a as Target];
    const pool = poolOf(() => targets, { failOpen: true });
    pool.register("another fleet", () => [b as Target]);
    expect([pool.next()?.id, pool.next()?.id].sort()).to.deep.equal(["a", "b"]);
    targets = [];
    expect([pool.next(), pool.next()]).to.deep.equal([b, b]);
    pool.deregister("another fleet");
    expect(pool.next()).to.equal(undefined);
  });

  it("is content with an open port, where it probes by TCP", async () => {
    const backend = new Backend();
    backend.status = 503;
    const target = await backend.target("a");
    const pool = poolOf(() => [target, { id: "b", host: "127.0.0.1", port: 1 }], {
      probe: { ...PROBE, scheme: "tcp" },
    });
    await until(() => stateOf(pool, "a") === "healthy" && stateOf(pool, "b") === "unhealthy", "each as it is");
    expect(backend.asked).to.deep.equal([]);
  });
});
