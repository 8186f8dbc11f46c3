import { createHash } from "node:crypto";
import { expect } from "chai";
import { type ObjectWriter, Publisher, type PublisherOptions } from "../../../rehearsal/orders/publisher.ts";
import { OrderRecord, type Site } from "../../../rehearsal/orders/record.ts";
import { HOSTS, siteOf } from "../../support/orders.ts";
import { until } from "../../support/until.ts";

describe("the publisher", () => {
  let record: OrderRecord;
  /** What each site was given. */
  let given: { site: Site; key: string; body: Buffer }[];
  beforeEach(() => {
    record = new OrderRecord();
    given = [];
  });

  function publisherOf(options: Partial<PublisherOptions> & { host?: string; writer?: ObjectWriter } = {}): Publisher {
    const { host = HOSTS.primary, writer, ...others } = options;
    const writerOf = (site: Site) =>
      writer ??
      (async (key, body) => {
        given.push({ site, key, body });
      });
    return new Publisher({
      contentName: "content.example.com",
      resolver: { resolve: async () => host },
      record,
      siteOf,
      writers: { primary: writerOf("primary"), standby: writerOf("standby") },
      limit: 20_000,
      ...others,
    });
  }

  /** Publishes one object, and waits for what becomes of it. */
  async function publishOne(publisher: Publisher) {
    publisher.start();
    await publisher.stop();
    expect(record.puts).to.have.length(1);
    const [{ sentAt, endedAt, ...put } = record.puts[0] as (typeof record.puts)[0]] = record.puts;
    expect(endedAt).to.be.at.least(sentAt);
    return put;
  }

  it("puts an object under a key of its own, and notes its bytes by their sum", async () => {
    const put = await publishOne(publisherOf());
    const [{ site, key, body } = { site: "", key: "", body: Buffer.alloc(0) }] = given;
    expect(key).to.match(/^published\/[0-9a-f]{8}\/000001\.txt$/);
    expect([site, body.length]).to.deep.equal(["primary", 1024]);
    expect(body.toString().startsWith(`${key}\n${key}\n`)).to.equal(true);
    const sha256 = createHash("sha256").update(body).digest("hex");
    expect(put).to.deep.equal({ key, sha256, bytes: 1024, host: HOSTS.primary, error: "", well: true });
  });

  it("writes at the site that the content's name means now", async () => {
    let host: string = HOSTS.primary;
    const asked = new Set<string>();
    const resolve = async (name: string) => {
      asked.add(name);
      return host;
    };
    const publisher = publisherOf({ resolver: { resolve }, rate: 50 });
    publisher.start();
    await until(() => given.some(({ site }) => site === "primary"), "the primary has an object");
    host = HOSTS.standby;
    await until(() => given.some(({ site }) => site === "standby"), "the standby has an object");
    await publisher.stop();
    expect([...asked]).to.deep.equal(["content.example.com"]);
    expect(new Set(given.map(({ key }) => key)).size, "each under its own key").to.equal(given.length);
    expect(given.map(({ key }) => key)).to.have.members(record.puts.map(({ key }) => key));
  });

  it("makes objects of the size that it is told", async () => {
    expect((await publishOne(publisherOf({ bytes: 10 }))).bytes).to.equal(10);
  });

  it("notes what a site refuses, and does not try it again", async () => {
    const writer = () => Promise.reject(new Error("SlowDown"));
    expect(await publishOne(publisherOf({ writer }))).to.include({ error: "SlowDown", well: false });
  });

  it("notes a put that takes too long", async () => {
    const writer = () => new Promise<void>(() => {});
    const put = await publishOne(publisherOf({ writer, limit: 30 }));
    expect(put).to.include({ host: HOSTS.primary, error: "no answer within 30 ms", well: false });
  });

  it("notes a name that means nothing, or the host of neither site", async () => {
    expect(await publishOne(publisherOf({ host: "elsewhere.example" }))).to.include({
      host: "elsewhere.example",
      error: "content.example.com means elsewhere.example, which is the host of neither site",
      well: false,
    });
    record = new OrderRecord();
    const resolve = () => Promise.reject(new Error("NXDOMAIN"));
    const put = await publishOne(publisherOf({ resolver: { resolve } }));
    expect(put).to.include({ host: "", error: "NXDOMAIN", well: false });
  });

  it("publishes more than 0 and at most 50 objects per second", () => {
    for (const rate of [0, 51, Number.NaN]) {
      expect(() => publisherOf({ rate })).to.throw(
        `expected more than 0 and at most 50 objects per second, found ${rate}`,
      );
    }
  });
});
