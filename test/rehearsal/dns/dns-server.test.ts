import { createSocket, type Socket } from "node:dgram";
import { on, once } from "node:events";
import type { ResourceRecordSet } from "@aws-sdk/client-route-53";
import { expect } from "chai";
import { decode, encode, type Packet, type RecordType } from "dns-packet";
import fc from "fast-check";
import { DnsServer } from "../../../rehearsal/dns/dns-server.ts";
import { answer, type Records } from "../../../rehearsal/dns/route53.ts";
import { reasonIn } from "../../../rehearsal/dns/wire.ts";
import { Names } from "../../../rehearsal/local/names.ts";

const record = (Name: string, Type: ResourceRecordSet["Type"], values: string[], TTL = 60): ResourceRecordSet => ({
  Name,
  Type,
  TTL,
  ResourceRecords: values.map((Value) => ({ Value })),
});

const ZONE: Records = {
  name: "shop.example.com",
  sets: [
    record("shop.example.com.", "NS", ["ns-1.example.net.", "ns-2.example.net."], 172_800),
    record("shop.example.com.", "SOA", ["ns-1.example.net. host.example.net. 1 7200 900 1209600 86400"], 900),
    record("app.shop.example.com.", "CNAME", ["edge.example.net"]),
    record("elsewhere.shop.example.com.", "CNAME", ["nobody.example.net"]),
    record("text.shop.example.com.", "TXT", ['"one" "two \\"quoted\\""']),
    record("address.shop.example.com.", "A", ["192.0.2.1", "192.0.2.2"]),
    record("mail.shop.example.com.", "MX", ["10 mail.example.net"]),
  ],
};

describe("the local name server", () => {
  const names = new Names();
  names.set("edge.example.net", 443, { host: "127.0.0.1", port: 1 });
  let server: DnsServer;
  let client: Socket;

  before(async () => {
    server = await DnsServer.start({
      names,
      answer: (query) => (query.name.endsWith(ZONE.name) ? answer(ZONE, query, new Map(), () => 0) : undefined),
    });
    client = createSocket("udp4");
    client.connect(server.address.port, server.address.host);
    await once(client, "connect");
  });
  after(async () => {
    client.close();
    await server[Symbol.asyncDispose]();
  });

  async function exchange(packet: Buffer): Promise<{ code: number; reply: Packet }> {
    const came = once(client, "message");
    client.send(packet);
    const reply = decode((await came)[0]);
    return { code: (reply.flags ?? 0) & 0xf, reply };
  }
  const ask = (name: string, type: RecordType = "A", more: Packet = {}) =>
    exchange(encode({ type: "query", id: 7, questions: [{ name, type }], ...more }));
  const dataOf = ({ answers = [] }: Packet) => answers.map((each) => ("data" in each ? [each.type, each.data] : []));

  it("answers with the CNAME as Route 53 has it, and with the address of a host that is here", async () => {
    const { code, reply } = await ask("app.shop.example.com");
    expect([code, reply.id, reply.type]).to.deep.equal([0, 7, "response"]);
    expect(dataOf(reply)).to.deep.equal([
      ["CNAME", "edge.example.net"],
      ["A", "127.0.0.1"],
    ]);
    expect(reply.answers?.[0]).to.include({ name: "app.shop.example.com", ttl: 60 });
    expect(dataOf((await ask("app.shop.example.com", "CNAME")).reply)).to.deep.equal([["CNAME", "edge.example.net"]]);
    expect(dataOf((await ask("elsewhere.shop.example.com")).reply)).to.deep.equal([["CNAME", "nobody.example.net"]]);
  });

  it("answers for texts, addresses, name servers and the zone's own record", async () => {
    const texts = dataOf((await ask("text.shop.example.com", "TXT")).reply)[0]?.[1] as Buffer[];
    expect(texts.map(String)).to.deep.equal(["one", 'two "quoted"']);
    expect(dataOf((await ask("address.shop.example.com")).reply).map(([, data]) => data)).to.have.members([
      "192.0.2.1",
      "192.0.2.2",
    ]);
    expect(dataOf((await ask("shop.example.com", "NS")).reply)).to.deep.equal([
      ["NS", "ns-1.example.net"],
      ["NS", "ns-2.example.net"],
    ]);
    expect(dataOf((await ask("shop.example.com", "SOA")).reply)[0]?.[1]).to.include({ serial: 1, minimum: 86400 });
  });

  it("says what there is not, and for how long that may be kept", async () => {
    const nobody = await ask("nobody.shop.example.com");
    expect([nobody.code, nobody.reply.answers?.length]).to.deep.equal([3, 0]);
    expect(nobody.reply.authorities?.[0]).to.include({ type: "SOA", ttl: 900 });
    const nothing = await ask("address.shop.example.com", "TXT");
    expect([nothing.code, nothing.reply.authorities?.length]).to.deep.equal([0, 1]);
  });

  it("has nothing of types that are newer than it is", async () => {
    const packet = encode({ type: "query", id: 7, questions: [{ name: "address.shop.example.com", type: "A" }] });
    packet.writeUInt16BE(65, packet.length - 4);
    const { code, reply } = await exchange(packet);
    expect([code, reply.answers?.length, reply.authorities?.length]).to.deep.equal([0, 0, 1]);
  });

  it("refuses other zones' names, and fails for records that it does not know", async () => {
    expect((await ask("example.org")).code).to.equal(5);
    const mail = await ask("mail.shop.example.com", "MX");
    expect([mail.code, reasonIn(mail.reply)]).to.match(/^2,expected a record of type A, .* found MX at mail/);
    expect((await ask("app.shop.example.com", "A", { flags: 2 << 11 })).code, "another operation").to.equal(4);
    const questions = ["a", "b"].map((name) => ({ name, type: "A" as const }));
    expect((await exchange(encode({ type: "query", id: 1, questions }))).code, "two questions").to.equal(1);
  });

  it("is not ended by malformed packets", async () => {
    const bytes = fc.uint8Array({ maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(bytes, async (junk) => client.send(Buffer.from(junk))),
      { numRuns: 200 },
    );
    const whole = encode({ type: "query", id: 9, questions: [{ name: "app.shop.example.com", type: "A" }] });
    for (let length = 0; length < whole.length; length++) client.send(whole.subarray(0, length));
    client.send(whole);
    // Some of those are answered as well, before the good one.
    for await (const [reply] of on(client, "message")) {
      if (decode(reply).answers?.length) break;
    }
    expect((await ask("app.shop.example.com")).code).to.equal(0);
  });

  it("says nothing to answers: two servers would go on for ever", async () => {
    let replies = 0;
    client.on("message", () => replies++);
    client.send(encode({ type: "response", id: 1, questions: [{ name: "app.shop.example.com", type: "A" }] }));
    client.send(Buffer.from([0, 1, 0x84, 0, 0, 9, 0, 0, 0, 0, 0, 0]));
    await ask("app.shop.example.com");
    client.removeAllListeners("message");
    expect(replies).to.equal(1);
  });
});
