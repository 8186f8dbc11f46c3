import { expect } from "chai";
import type { Fetch, FetchOptions } from "../../../rehearsal/local/names.ts";
import { OrderClient, type OrderClientOptions, within } from "../../../rehearsal/orders/client.ts";
import { OrderRecord, type Try } from "../../../rehearsal/orders/record.ts";
import { HOSTS } from "../../support/orders.ts";
import { rejection } from "../../support/rejection.ts";
import { until } from "../../support/until.ts";

/** Long enough for everything that a test waits for. */
const PATIENCE = 20_000;

/** Answers as the app does to an order that it keeps. */
const keep: Fetch = async (_, options) => Response.json({ key: keyOf(options) }, { status: 201 });
const keyOf = (options: FetchOptions | undefined) => options?.headers?.["idempotency-key"];
const isOrder = (options: FetchOptions | undefined) => options?.method === "POST";

/** Answers nothing until it is given up. */
const hang: Fetch = (_, options) =>
  new Promise((_resolve, reject) => options?.signal?.addEventListener("abort", () => reject(options.signal?.reason)));

const refuse: Fetch = async () => {
  throw Object.assign(new Error("connect ECONNREFUSED 127.0.0.1:443"), { code: "ECONNREFUSED" });
};

describe("the users' client", () => {
  let record: OrderRecord;
  beforeEach(() => {
    record = new OrderRecord();
  });

  /** A client whose reads go well, and whose orders meet these answers, the last of them again and again. */
  function clientOf(answers: Fetch[], options: Partial<OrderClientOptions> = {}): OrderClient {
    const left = [...answers];
    const fetch: Fetch = (url, asked) => {
      if (!isOrder(asked)) return Promise.resolve(Response.json({}));
      const next = left.length > 1 ? left.shift() : left[0];
      return (next ?? keep)(url, asked);
    };
    const resolver = { resolve: async () => HOSTS.primary };
    return new OrderClient({
      appName: "app.example.com",
      resolver,
      fetch,
      record,
      limit: PATIENCE,
      rest: 1,
      ...options,
    });
  }

  /** Begins one order, and waits for what becomes of it. */
  async function placeOne(client: OrderClient): Promise<void> {
    client.start();
    await client.stop(PATIENCE);
  }

  const orders = () => record.tries.filter(({ asked }) => asked === "order");

  it("sends an order under a key of its own to where DNS says, by the app's name", async () => {
    const asked: [string, FetchOptions | undefined][] = [];
    const fetch: Fetch = (url, options) => {
      asked.push([String(url), options]);
      return keep(url, options);
    };
    await placeOne(clientOf([], { fetch }));
    const [url, options] = asked.find(([, each]) => isOrder(each)) ?? [];
    const key = String(keyOf(options));
    expect(key).to.match(/^order-[0-9a-f]{8}-000001$/);
    expect([url, options?.at]).to.deep.equal(["https://app.example.com/rows", HOSTS.primary]);
    expect(options?.headers).to.deep.equal({ "content-type": "application/json", "idempotency-key": key });
    expect(JSON.parse(options?.body ?? "")).to.deep.equal({ text: `text of ${key}` });
    expect(orders().map(({ sentAt, endedAt, ...rest }) => rest)).to.deep.equal([
      { asked: "order", key, host: HOSTS.primary, status: 201, error: "", well: true },
    ]);
  });

  it("tries an order again and again under its one key, until the right answer confirms it", async () => {
    const say = (body: string, status: number) => async () => new Response(body, { status });
    const client = clientOf([
      refuse,
      say("no", 503),
      say('{"key":"another"}', 201),
      say("<p>welcome</p>", 200),
      say("{}", 404),
      keep,
    ]);
    await placeOne(client);
    const key = orders()[0]?.key;
    expect(orders().map(({ key: own, status, error, well }) => ({ key: own, status, error, well }))).to.deep.equal([
      { key, status: 0, error: "ECONNREFUSED", well: false },
      { key, status: 503, error: "status 503", well: false },
      { key, status: 201, error: `the answer to ${key} is about another`, well: false },
      { key, status: 200, error: "the answer to an order is no JSON", well: false },
      { key, status: 404, error: "status 404", well: false },
      { key, status: 201, error: "", well: true },
    ]);
    expect([record.confirmed, client.open]).to.deep.equal([1, 0]);
  });

  it("takes the answer of a site that had kept the order already", async () => {
    await placeOne(clientOf([async (_, options) => Response.json({ key: keyOf(options) }, { status: 200 })]));
    expect(orders().map(({ status, well }) => [status, well])).to.deep.equal([[200, true]]);
  });

  it("gives up a try that takes too long, and tries again", async () => {
    await placeOne(clientOf([hang, keep], { limit: 50 }));
    expect(orders()[0]).to.include({ error: "no answer within 50 ms", status: 0, host: HOSTS.primary });
    expect(orders().at(-1)?.well).to.equal(true);
  });

  it("goes to where DNS says at each try, and notes that DNS said nothing", async () => {
    const hosts = [HOSTS.primary, undefined, HOSTS.standby];
    let tries = 0;
    const resolve = async () => {
      const host = hosts[tries];
      if (host === undefined) throw new Error("NXDOMAIN; asked 127.0.0.1:53");
      return host;
    };
    const fetch: Fetch = async (url, options) => {
      if (!isOrder(options)) return Response.json({});
      return options?.at === HOSTS.standby ? keep(url, options) : refuse(url, options);
    };
    const told = new OrderRecord();
    told.tried = (each) => {
      if (each.asked === "order") tries += 1;
      record.tried(each);
    };
    await placeOne(clientOf([], { fetch, resolver: { resolve }, record: told }));
    expect(orders().map(({ host, error }) => [host, error])).to.deep.equal([
      [HOSTS.primary, "ECONNREFUSED"],
      ["", "NXDOMAIN"],
      [HOSTS.standby, ""],
    ]);
  });

  it("begins new orders at its pace though none is answered, each under another key", async () => {
    const keys = new Set<unknown>();
    const fetch: Fetch = (url, options) => {
      if (isOrder(options)) keys.add(keyOf(options));
      return hang(url, options);
    };
    const client = clientOf([], { fetch, rate: 50 });
    client.start();
    await until(() => keys.size >= 10, "ten orders are under way");
    expect(client.open).to.equal(keys.size);
    await client.stop();
  });

  it("reads the health and the rows as well", async () => {
    const paths = new Set<string>();
    const fetch: Fetch = async (url, options) => {
      paths.add(`${options?.method ?? "GET"} ${url}`);
      return isOrder(options) ? keep(url, options) : new Response("well");
    };
    const client = clientOf([], { fetch, healthPath: "/deep" });
    client.start();
    const went = (what: Try["asked"]) =>
      record.tries.some(({ asked, key, well }) => asked === what && key === "" && well);
    await until(() => went("health") && went("rows"), "both were read");
    await client.stop();
    const app = "https://app.example.com";
    expect([...paths].sort()).to.deep.equal([`GET ${app}/deep`, `GET ${app}/rows`, `POST ${app}/rows`]);
  });

  it("leaves no trace of the tries that its own end cut short", async () => {
    const client = clientOf([hang], { fetch: hang });
    client.start();
    expect(client.open).to.equal(1);
    await client.stop();
    expect(client.open).to.equal(0);
    expect(record.tries).to.deep.equal([]);
  });

  it("begins more than 0 and at most 50 orders per second", () => {
    for (const rate of [0, -1, 51, Number.NaN]) {
      expect(() => clientOf([], { rate })).to.throw(
        `expected more than 0 and at most 50 orders per second, found ${rate}`,
      );
    }
  });
});

describe("a promise within a signal", () => {
  it("comes to what it comes to, or to the signal's reason when that is first", async () => {
    const never = new Promise(() => {});
    const { signal } = new AbortController();
    expect(await within(signal, Promise.resolve(1))).to.equal(1);
    expect((await rejection(within(signal, Promise.reject(new Error("own"))))).message).to.equal("own");
    const ending = new AbortController();
    const waiting = rejection(within(ending.signal, never));
    ending.abort(new Error("enough"));
    expect((await waiting).message).to.equal("enough");
    expect((await rejection(within(ending.signal, never))).message).to.equal("enough");
  });
});
