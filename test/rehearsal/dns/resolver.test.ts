import { createSocket } from "node:dgram";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import type { ResourceRecordSet } from "@aws-sdk/client-route-53";
import { expect } from "chai";
import { DnsServer } from "../../../rehearsal/dns/dns-server.ts";
import { type ResolveError, Resolver } from "../../../rehearsal/dns/resolver.ts";
import { answer } from "../../../rehearsal/dns/route53.ts";
import { Clock } from "../../../rehearsal/local/clock.ts";
import { Names } from "../../../rehearsal/local/names.ts";

const NAME = "app.shop.example.com";

describe("a client's resolver", () => {
  let server: DnsServer;
  let target: string;
  let asked: number;
  let broken: boolean;

  const cname = (Name: string, Value: string, TTL: number): ResourceRecordSet => ({
    Name,
    Type: "CNAME",
    TTL,
    ResourceRecords: [{ Value }],
  });
  const soa: ResourceRecordSet = {
    Name: "shop.example.com.",
    Type: "SOA",
    TTL: 900,
    ResourceRecords: [{ Value: "ns-1.example.net. host.example.net. 1 7200 900 1209600 60" }],
  };

  beforeEach(async () => {
    target = "primary.example.net";
    asked = 0;
    broken = false;
    server = await DnsServer.start({
      names: new Names(),
      answer: (query) => {
        asked++;
        if (broken) throw new Error("the zone is broken");
        const sets = [soa, cname(NAME, target, 30), cname("www.shop.example.com", NAME, 300)];
        return answer({ name: "shop.example.com", sets }, query, new Map(), () => 0);
      },
    });
  });
  afterEach(() => server[Symbol.asyncDispose]().catch(() => {}));

  const resolver = (speed: number) => new Resolver(server.address, new Clock(speed));
  const failure = async (resolving: Promise<unknown>): Promise<ResolveError> => {
    const error = await resolving.then(
      () => undefined,
      (reason: ResolveError) => reason,
    );
    if (!error) throw new Error("expected a failure, found success");
    return error;
  };

  it("finds where a name leads, along all CNAMEs, with the shortest time to live of them", async () => {
    expect(await resolver(1).resolve(NAME)).to.deep.equal({ target, ttl: 30 });
    expect(await resolver(1).resolve("WWW.shop.example.com.")).to.deep.equal({ target, ttl: 30 });
  });

  it("keeps an answer for its time to live, and asks anew after it", async () => {
    // 30 s are 300 ms.
    const client = resolver(100);
    const began = performance.now();
    await client.resolve(NAME);
    target = "standby.example.net";
    let seen = await client.resolve(NAME);
    while (seen.target !== target) {
      expect(performance.now() - began, "it keeps the old answer too long").to.be.below(600);
      await delay(5);
      seen = await client.resolve(NAME);
    }
    expect(performance.now() - began).to.be.at.least(300);
    expect(asked).to.equal(2);
  });

  it("keeps an answer for as long as users would have it when the clock is theirs", async () => {
    const client = resolver(1);
    await client.resolve(NAME);
    target = "standby.example.net";
    await delay(400);
    expect((await client.resolve(NAME)).target).to.equal("primary.example.net");
    expect(asked).to.equal(1);
  });

  it("asks once for many who want the same at once, and each client for itself", async () => {
    const client = resolver(1);
    await Promise.all(Array.from({ length: 20 }, () => client.resolve(NAME)));
    expect(asked).to.equal(1);
    await resolver(1).resolve(NAME);
    expect(asked).to.equal(2);
  });

  it("goes on with what it has when the server is dead, and fails once that is too old", async () => {
    // 30 s are one here.
    const client = resolver(30);
    await client.resolve(NAME);
    await server[Symbol.asyncDispose]();
    expect((await client.resolve(NAME)).target).to.equal(target);
    await delay(1020);
    const error = await failure(client.resolve(NAME));
    expect([error.code, error.message]).to.match(/ETIMEOUT,no answer for app\.shop\.example\.com from 127\.0\.0\.1/);
  });

  it("gives up on a server that says nothing, after two attempts", async () => {
    const silent = createSocket("udp4");
    let heard = 0;
    silent.on("message", () => heard++).bind(0, "127.0.0.1");
    await once(silent, "listening");
    const { address, port } = silent.address();
    const client = new Resolver({ host: address, port }, new Clock(1000));
    expect((await failure(client.resolve(NAME))).message).to.match(/in 2 attempts: nothing came in 500 ms/);
    expect(heard).to.equal(2);
    silent.close();
  });

  it("asks again when the first question is lost", async () => {
    const lossy = createSocket("udp4");
    const forward = createSocket("udp4");
    let dropped = 0;
    let client = { address: "", port: 0 };
    lossy.on("message", (packet, from) => {
      client = from;
      if (dropped++ > 0) forward.send(packet, server.address.port, server.address.host);
    });
    forward.on("message", (packet) => {
      // Something that answers another question comes first, and something that is no packet.
      lossy.send(
        Buffer.concat([Buffer.from([packet.readUInt8(0) ^ 1]), packet.subarray(1)]),
        client.port,
        client.address,
      );
      lossy.send(Buffer.from("junk"), client.port, client.address);
      lossy.send(packet, client.port, client.address);
    });
    lossy.bind(0, "127.0.0.1");
    await once(lossy, "listening");
    const { address, port } = lossy.address();
    expect((await new Resolver({ host: address, port }, new Clock(1000)).resolve(NAME)).target).to.equal(target);
    lossy.close();
    forward.close();
  });

  it("keeps also that there is nothing, as long as the zone says", async () => {
    // 60 s are 600 ms.
    const client = resolver(100);
    const began = performance.now();
    for (let turn = 0; turn < 3; turn++) {
      expect((await failure(client.resolve("nobody.shop.example.com"))).code).to.equal("ENOTFOUND");
    }
    if (performance.now() - began < 600) expect(asked).to.equal(1);
    expect((await failure(client.resolve("shop.example.com"))).code).to.equal("ENODATA");
  });

  it("does not keep a server's failure", async () => {
    const client = resolver(1);
    broken = true;
    const error = await failure(client.resolve(NAME));
    expect([error.code, error.message]).to.match(/ESERVFAIL,.*it said SERVFAIL, and the zone is broken/);
    broken = false;
    expect((await client.resolve(NAME)).target).to.equal(target);
  });
});
