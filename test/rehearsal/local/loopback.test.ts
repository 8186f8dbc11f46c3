import { createServer, type Server } from "node:net";
import { expect } from "chai";
import { freeAddress } from "../../../rehearsal/local/loopback.ts";
import { rejection } from "../../support/rejection.ts";

describe("an address of the loopback", () => {
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
  });

  async function listen(port: number, host: string): Promise<number> {
    const server = createServer();
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(port, host, resolve));
    return (server.address() as { port: number }).port;
  }

  it("is free, another one each time, and none of those that systems take for themselves", async () => {
    const addresses = await Promise.all(Array.from({ length: 20 }, () => freeAddress(3306)));
    expect(new Set(addresses).size).to.equal(20);
    for (const address of addresses) expect(address).to.match(/^127\.[1-9]\d{0,2}\.\d{1,3}\.[1-9]\d{0,2}$/);
    for (const address of addresses) await listen(3306, address);
  });

  it("is found beside a server that has the port on one address, and not beside one that has it on all", async () => {
    const one = await listen(0, "127.0.0.1");
    expect(await freeAddress(one)).to.match(/^127\./);
    const all = await listen(0, "0.0.0.0");
    const { message } = await rejection(freeAddress(all));
    expect(message).to.match(
      /^port \d+ was free on none of 8 addresses of the loopback \(EADDRINUSE\): end what listens/,
    );
  });
});
