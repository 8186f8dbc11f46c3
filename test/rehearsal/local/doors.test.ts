import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { expect } from "chai";
import { type Door, Doors } from "../../../rehearsal/local/doors.ts";
import { listenAt } from "../../../rehearsal/local/ports.ts";
import { until } from "../../support/until.ts";

describe("the doors of a cloud", () => {
  const ends: (() => void)[] = [];
  let doors: Doors;
  beforeEach(() => {
    doors = new Doors();
  });
  afterEach(() => {
    for (const end of ends.splice(0)) end();
  });

  async function open(server: Server = createServer()): Promise<Door> {
    const door = await doors.listen(server);
    ends.push(() => door.close());
    return door;
  }

  /** Somebody who is inside. */
  async function enter({ port }: Pick<Door, "port">): Promise<Socket> {
    const visitor = connect(port, "127.0.0.1");
    ends.push(() => visitor.destroy());
    await once(visitor, "connect");
    return visitor.on("error", () => {});
  }

  /** What becomes of whoever comes: nothing, or the code of the error. */
  const comingTo = (door: Pick<Door, "port">) =>
    enter(door).then(
      () => "",
      ({ code }: NodeJS.ErrnoException) => code,
    );

  it("let people in", async () => {
    expect(await comingTo(await open())).to.equal("");
    expect(doors.isShut).to.equal(false);
  });

  it("are all shut at once: those inside are cut off, and whoever comes is refused", async () => {
    const both = [await open(), await open()];
    const visitors = await Promise.all(both.map(enter));
    const cutOff = visitors.map((visitor) => once(visitor, "close"));
    doors.shut();
    await Promise.all(cutOff);
    expect(await Promise.all(both.map(comingTo))).to.deep.equal(["ECONNREFUSED", "ECONNREFUSED"]);
    expect(doors.isShut).to.equal(true);
    doors.shut();
  });

  it("are opened again, each at the port that it had", async () => {
    const served: string[] = [];
    const both = await Promise.all(["one", "two"].map((name) => open(createServer(() => served.push(name)))));
    doors.shut();
    await doors.open();
    for (const door of both) expect(await comingTo(door)).to.equal("");
    await until(() => served.length === 2, "both servers have a visitor");
    expect(served).to.have.members(["one", "two"]);
    expect(doors.isShut).to.equal(false);
  });

  it("let nobody in at one that is added while they are shut, until they are opened", async () => {
    doors.shut();
    const door = await open();
    expect(await comingTo(door)).to.equal("ECONNREFUSED");
    await doors.open();
    expect(await comingTo(door)).to.equal("");
  });

  it("leave one shut that was closed for good", async () => {
    const closed = await open();
    const visitor = await enter(closed);
    const cutOff = once(visitor, "close");
    closed.close();
    await cutOff;
    doors.shut();
    await doors.open();
    expect(await comingTo(closed)).to.equal("ECONNREFUSED");
  });

  it("stay shut when somebody shuts them while they are opened", async () => {
    const door = await open();
    doors.shut();
    const opening = doors.open();
    doors.shut();
    await opening;
    expect([doors.isShut, await comingTo(door)]).to.deep.equal([true, "ECONNREFUSED"]);
  });

  it("wait for a port that somebody has for a moment", async () => {
    const door = await open();
    doors.shut();
    const other = createServer();
    await listenAt(other, door.port);
    const opening = doors.open();
    setTimeout(() => other.close(), 150);
    await opening;
    expect(await comingTo(door)).to.equal("");
  });

  it("are not harmed by a visitor who breaks off", async () => {
    const door = await open();
    (await enter(door)).resetAndDestroy();
    expect(await comingTo(door)).to.equal("");
  });
});
