import { expect } from "chai";
import type { Connection } from "mysql2/promise";
import { end, openLedger } from "../../../lambdas/database/ledger.ts";
import { databaseWork } from "../../../lambdas/standby/database-work.ts";
import { noteLoaded, noteTenure, readNotes, release } from "../../../lambdas/standby/notes.ts";
import { resetGtid } from "../../../rehearsal/azure/actuators/mysql-procedures.ts";
import { ReplicatedSites, type Site } from "../../support/replicated-sites.ts";
import { until } from "../../support/until.ts";

const DUMP = "20261121T021500Z";
const { signal } = new AbortController();

// On real servers, with the procedures that Azure has for its administrator.
describe("the inside of the standby's server", () => {
  const work = databaseWork(30_000);
  let sites: ReplicatedSites;
  let primary: Site;
  let standby: Site;
  let gtid: string;
  let connection: Connection;

  before(async () => {
    sites = await ReplicatedSites.create();
    ({ primary, standby, gtid } = await sites.pair());
    connection = await sites.connect(standby.administrator);
  });
  after(() => sites[Symbol.asyncDispose]());

  const look = async (follows = false) => (await work.look(standby.administrator, follows)).data;

  it("is empty at first", async () => {
    expect(await work.look(standby.administrator, true)).to.deep.equal({ data: {} });
  });

  it("keeps whose its data are, until they are released or loaded over", async () => {
    await noteTenure(connection, "lent");
    expect(await readNotes(connection)).to.deep.equal({ tenure: "lent" });
    await noteTenure(connection, "own");
    await noteTenure(connection, "lent");
    expect(await look()).to.deep.equal({ tenure: "own" });
    await release(connection);
    expect(await look()).to.deep.equal({});
    await noteTenure(connection, "own");
    await noteLoaded(connection, "2026-11-21T10:00:00Z");
    expect(await look()).to.deep.equal({ restored: "2026-11-21T10:00:00Z" });
  });

  it("tells what was loaded, follows the primary from there, and stands alone when it is promoted", async () => {
    await openLedger(connection);
    await noteLoaded(connection, undefined);
    await end(connection, {
      ...{ dump: DUMP, kind: "daily", gtid, schemas: ["shop"], accounts: [], rows: 1, bytes: 1, chunks: 1 },
      ...{ differences: [], beganAt: "then", loadedAt: "now" },
    });
    expect((await look(true)).preparation, "the history of what was there before").to.deep.equal({
      kind: "gtids",
      gtid,
    });
    await resetGtid(standby.server, gtid);
    const { data, proof } = await work.look(standby.administrator, true);
    expect(data).to.deep.include({ loaded: DUMP, loadedAt: "now" });
    expect(data, "nothing is left to prepare").not.to.have.property("preparation");
    expect(proof).to.include({ dump: DUMP, gtid });
    await work.follow(standby.administrator, primary.replicator);
    await until(async () => (await look()).replication?.state === "following", "it follows", 60_000);
    await work.promote(standby.administrator, primary.replicator, "own", signal);
    expect(await look())
      .to.include({ loaded: DUMP, tenure: "own" })
      .and.not.to.have.property("replication");
    // Again, as after a run that was killed before it could write that down.
    await work.promote(standby.administrator, primary.replicator, "own", signal);
    await connection.query("INSERT INTO shop.orders VALUES (9, 9, 'written at the standby')");
  });
});
