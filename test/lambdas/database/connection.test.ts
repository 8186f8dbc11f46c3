import { createServer } from "node:net";
import { expect } from "chai";
import { connect } from "../../../lambdas/database/connection.ts";
import { rejection } from "../../support/rejection.ts";

const LOGIN = { username: "dbadmin", password: "secret" };

describe("a connection to a server", () => {
  it("that nobody answers, or that has no name, cannot be reached: the network is to be mended", async () => {
    const { message } = await rejection(connect({ host: "127.0.0.1", port: 1, ...LOGIN }));
    expect(message).to.match(/^127\.0\.0\.1:1 cannot be reached: .*ECONNREFUSED.*; look at its name, its port/);
    const nameless = await rejection(connect({ host: "nowhere.invalid", port: 3306, ...LOGIN }));
    expect(nameless.message).to.match(/^nowhere\.invalid:3306 cannot be reached: /);
  });

  it("that is ended in the midst of the greeting is neither unreached nor refused", async () => {
    const server = createServer((socket) => socket.end()).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as { port: number };
    const { message } = await rejection(connect({ host: "127.0.0.1", port, ...LOGIN }));
    server.close();
    expect(message).to.match(/^no connection to 127\.0\.0\.1:\d+ as dbadmin: /);
  });
});
