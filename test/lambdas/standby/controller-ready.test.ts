import { ContainerClient } from "@azure/storage-blob";
import { expect } from "chai";
import { LIMITS } from "../../../lambdas/standby/controller.ts";
import { READY, readyPath, SWITCHED } from "../../../lambdas/standby/ready-file.ts";
import { useControllerStage } from "../../support/controller-stage.ts";
import { rejection } from "../../support/rejection.ts";

const DUMP = "20261121T021500Z";

const WHOLE = { chain: LIMITS.chain };

// By the website of the local Azure, and with the rights that the product gives.
describe("the standby controller says publicly when the standby is ready", () => {
  const stage = useControllerStage();
  const declare = (changes: object = {}) => stage.plan("promoted", { own: true, ...changes }, [...SWITCHED]);

  it("for a lost site: of its content at once, of the rest when the database is promoted and seen to run", async () => {
    await declare();
    expect(await stage.run()).to.include({ detail: "asked Azure to start the server" });
    expect(await stage.readyNames()).to.deep.equal(["content"]);
    expect((await stage.run())?.detail).to.match(/^promoted the server/);
    expect(await stage.readyNames()).to.deep.equal(["content"]);
    expect(await stage.run()).to.include({ status: "settled" });
    expect(await stage.readyNames()).to.have.members(SWITCHED);
  });

  it("as health checks and people read it", async () => {
    await declare();
    await stage.run(WHOLE);
    const answer = await stage.ready("site");
    expect(answer?.headers.get("content-type")).to.equal("application/json");
    expect(answer?.headers.get("cache-control")).to.equal("no-cache");
    const text = (await answer?.text()) ?? "";
    expect(text).to.contain(READY);
    expect(JSON.parse(text)).to.deep.equal({ ready: true, disaster: "site" });
  });

  it("of nothing but what is declared", async () => {
    await stage.plan("stopped", { follows: "dumps" }, ["content"]);
    expect(await stage.run(WHOLE)).to.include({ status: "settled" });
    expect(await stage.readyNames()).to.deep.equal(["content"]);
    expect(await (await stage.ready("content"))?.json()).to.deep.equal({ ready: true, disaster: "content" });
    await stage.plan("promoted", { own: true }, ["database"]);
    await stage.run(WHOLE);
    expect(await stage.readyNames()).to.deep.equal(["database"]);
  });

  it("of nothing in a drill", async () => {
    await stage.plan("promoted", { own: false });
    expect(await stage.run(WHOLE)).to.include({ status: "settled" });
    expect(await stage.readyNames()).to.be.empty;
  });

  it("not before what is restored in a disaster is loaded, and promoted", async () => {
    await declare({ restore: true });
    expect(await stage.run(WHOLE)).to.include({ status: "waiting-for-dump" });
    expect(await stage.readyNames()).to.deep.equal(["content"]);
    stage.dumps.add(DUMP);
    expect((await stage.run())?.detail).to.equal(`loaded the dump ${DUMP}`);
    expect(await stage.readyNames(), "it may be written to, and is still to be promoted").to.deep.equal(["content"]);
    await stage.run(WHOLE);
    expect(await stage.readyNames()).to.have.members(SWITCHED);
  });

  it("not by what was promoted for a drill, until it is for good", async () => {
    stage.serve("Ready");
    stage.database.data = { loaded: DUMP, tenure: "lent" };
    await declare();
    expect((await stage.run())?.detail).to.match(/what is written to it counts/);
    expect(await stage.readyNames()).to.deep.equal(["content"]);
    await stage.run(WHOLE);
    expect(await stage.readyNames()).to.have.members(SWITCHED);
  });

  it("and writes a file again only when it says something else", async () => {
    await declare();
    await stage.run(WHOLE);
    const before = (await stage.ready("database"))?.headers.get("etag");
    await stage.run(WHOLE);
    expect((await stage.ready("database"))?.headers.get("etag")).to.equal(before);
    await stage.plan("promoted", { own: true }, ["database"]);
    await stage.run(WHOLE);
    expect(await (await stage.ready("database"))?.json()).to.deep.equal({ ready: true, disaster: "database" });
  });

  it("and takes it back first of all when nothing is declared any more, whatever fails then", async () => {
    await declare();
    await stage.run(WHOLE);
    await stage.plan("stopped", { follows: "dumps" });
    stage.flaky.always = { status: 500, body: "the backend is away" };
    await rejection(stage.run());
    expect(await stage.readyNames()).to.be.empty;
  });

  it("and takes it back where the server turns out to be promoted no more", async () => {
    await declare();
    await stage.run(WHOLE);
    stage.database.data = { loaded: DUMP };
    expect((await stage.run())?.detail).to.match(/^promoted/);
    expect(await stage.readyNames()).to.deep.equal(["content"]);
  });

  it("and leaves it said while nobody can look", async () => {
    await declare();
    await stage.run(WHOLE);
    stage.flaky.always = { status: 500, body: "the backend is away" };
    await rejection(stage.run());
    expect(await stage.readyNames()).to.have.members(SWITCHED);
  });

  it("and does what is to be done also where it can't be said, which is told and tried again", async () => {
    const { website } = stage;
    const stranger = new ContainerClient(website.url, stage.azure.credential(crypto.randomUUID()));
    stage.standby.website = stranger;
    await declare();
    const { message } = await rejection(stage.run(WHOLE));
    expect(message).to.match(/^whether the standby is ready can't be said in https:.*web: .*not authorized/);
    expect(stage.database.done).to.deep.equal(["promote own"]);
    expect(await stage.state()).to.deep.nested.include({ status: "failed", "lastError.message": message });
    stage.standby.website = website;
    expect(await stage.run(WHOLE)).to.include({ status: "settled" });
    expect(await stage.readyNames()).to.have.members(SWITCHED);
  });

  it("and can write and delete nothing else there: a marker is not its to declare", async () => {
    const marker = stage.website.getBlockBlobClient("declared/site.json");
    expect((await rejection(marker.upload("{}", 2))).message).to.match(/not authorized/);
    expect((await rejection(marker.delete())).message).to.match(/not authorized/);
    await stage.website.getBlockBlobClient(readyPath("site")).upload("{}", 2);
  });
});
