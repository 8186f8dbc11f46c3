import { createServer, type Server } from "node:net";
import { expect } from "chai";
import { lastingPort, listenAt } from "../../../rehearsal/local/ports.ts";
import { rejection } from "../../support/rejection.ts";

describe("a port that one can come back to", () => {
  const servers: Server[] = [];
  const server = () => {
    const made = createServer();
    servers.push(made);
    return made;
  };
  afterEach(() => {
    for (const each of servers.splice(0)) each.close();
  });

  it("is one of the loopback that no system hands out to connections", async () => {
    const ports = await Promise.all(Array.from({ length: 20 }, () => listenAt(server())));
    for (const port of ports) expect(port).to.be.within(10_000, 31_999);
    expect(new Set(ports).size).to.equal(20);
    expect(servers[0]?.address()).to.include({ address: "127.0.0.1", port: ports[0] });
  });

  it("is the one that is asked for, and an error where somebody has it", async () => {
    const first = server();
    const port = await listenAt(first);
    expect(await rejection(listenAt(server(), port))).to.include({ code: "EADDRINUSE" });
    await new Promise((resolve) => first.close(resolve));
    expect(await listenAt(server(), port)).to.equal(port);
  });

  it("can be tried again by the same server once it is free", async () => {
    const [first, second] = [server(), server()];
    const port = await listenAt(first);
    await rejection(listenAt(second, port));
    await new Promise((resolve) => first.close(resolve));
    expect(await listenAt(second, port)).to.equal(port);
  });

  it("is free for a process that is about to begin", async () => {
    expect(await listenAt(server(), await lastingPort())).to.be.within(10_000, 31_999);
  });
});
