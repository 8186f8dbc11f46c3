import { StopExecutionCommand } from "@aws-sdk/client-sfn";
import { expect } from "chai";
import type { Connection, RowDataPacket } from "mysql2/promise";
import { awsRemains } from "../../../rehearsal/aws/remains.ts";
import { until } from "../../support/until.ts";
import { DumpSite, PREFIX } from "./dump-site.ts";
import { useLocalAws } from "./local-aws.ts";

describe("a dump of the primary's database", () => {
  const aws = useLocalAws();
  const site = new DumpSite(aws);
  let admin: Connection;

  before(async () => {
    await site.deploy();
    admin = await site.connect();
    await admin.query("CREATE TABLE bought (id INT AUTO_INCREMENT PRIMARY KEY, what VARCHAR(100))");
    await admin.query("CREATE TABLE paid (id INT AUTO_INCREMENT PRIMARY KEY, what VARCHAR(100))");
    await buy(100);
  });
  after(() => admin.end());
  afterEach(() => site.trouble({}));

  /** Each in a transaction of its own that both tables have a part in. */
  async function buy(times: number): Promise<void> {
    for (let time = 0; time < times; time++) {
      await admin.beginTransaction();
      await admin.query("INSERT INTO bought (what) VALUES ('a bicycle')");
      await admin.query("INSERT INTO paid (what) VALUES ('a bicycle')");
      await admin.commit();
    }
  }

  const boughtNow = async () => {
    const [[row]] = await admin.query<RowDataPacket[]>("SELECT COUNT(*) AS rows_now FROM bought");
    return Number(row?.rows_now);
  };

  it("is of one moment although writes go on, and leaves no replica", async () => {
    const executionArn = await site.start();
    const before = await boughtNow();
    let running = true;
    const ended = site.ended(executionArn).finally(() => {
      running = false;
    });
    while (running) await buy(5);
    const { status, output, cause } = await ended;
    expect(status, cause).to.equal("SUCCEEDED");
    expect(await site.replicas()).to.deep.equal([]);

    const [manifest] = await site.manifests();
    expect(output).to.include({ rows: manifest?.rows, size: manifest?.size, chunks: manifest?.chunks.length });
    expect(manifest?.kind, "the first one of the month").to.equal("monthly");
    const rowsOf = (name: string) =>
      manifest?.chunks.filter(({ table }) => table === name).reduce((sum, { rows }) => sum + rows, 0);
    expect(rowsOf("bought"))
      .to.equal(rowsOf("paid"))
      .and.to.be.within(before, (await boughtNow()) - 1);
    const [[gtid]] = await admin.query<RowDataPacket[]>("SELECT GTID_SUBSET(?, @@global.gtid_executed) AS known", [
      manifest?.frozen.gtid,
    ]);
    expect(gtid?.known).to.equal(1);
    expect(manifest?.frozen.binlog?.file).to.match(/^binlog\.\d{6}$/);
  });

  describe("leaves no replica and no manifest, and tells the first reason, when", () => {
    let sealed: number;
    beforeEach(async () => {
      sealed = (await site.manifests()).length;
    });
    afterEach(async () => {
      expect(await site.replicas()).to.deep.equal([]);
      expect(await site.manifests()).to.have.length(sealed);
    });

    for (const action of ["prepare", "freeze", "plan", "seal"]) {
      it(`"${action}" fails`, async () => {
        await site.trouble({ FAILS_AT: action });
        const { status, error, cause } = await site.run(site.hasty);
        expect({ status, error }).to.deep.equal({ status: "FAILED", error: "Error" });
        expect(cause).to.contain(`killed at ${action}`);
      });
    }

    it("a chunk fails", async () => {
      await site.trouble({ FAILS_AT: "portion" });
      const { status, error } = await site.run(site.hasty);
      expect({ status, error }).to.deep.equal({
        status: "FAILED",
        error: "States.ExceedToleratedFailureThreshold",
      });
    });

    it("the function's process dies at a chunk", async () => {
      await site.trouble({ DIES_AT: "portion" });
      expect((await site.run(site.hasty)).status).to.equal("FAILED");
    });

    it("RDS refuses to make the replica", async () => {
      const machine = await site.machine("refused", {}, (text) =>
        text.replace('"SourceDBInstanceIdentifier":"shop"', '"SourceDBInstanceIdentifier":"nobody"'),
      );
      const { status, error } = await site.run(machine);
      expect({ status, error }).to.deep.equal({ status: "FAILED", error: "Rds.DbInstanceNotFoundException" });
    });

    it("the replica never becomes available", async () => {
      // One that can't be followed by GTID.
      await site.database("old", {});
      const { status, error, cause } = await site.run(await site.machine("broken", { databaseIdentifier: "old" }));
      expect({ status, error }, cause).to.deep.equal({ status: "FAILED", error: "ReplicaError" });
      expect(cause).to.match(/found it failed after looking \d+ times/);
    });
  });

  it("that was aborted leaves a replica, which the sweeper deletes as soon as no dump is at work", async () => {
    await site.trouble({ HANGS_AT: "portion" });
    const executionArn = await site.start();
    await until(async () => (await site.replicas()).some(({ status }) => status === "available"), "there is a replica");
    expect(await site.sweep(), "a dump is at work").to.include({ status: "SUCCEEDED" });
    expect(await site.replicas()).to.have.length(1);

    await aws.cloud.sfn.send(new StopExecutionCommand({ executionArn }));
    expect(await site.ended(executionArn)).to.include({ status: "ABORTED" });
    const [left] = await site.replicas();
    expect(await awsRemains(aws.cloud)).to.include(`database ${left?.id}`);
    expect((await site.sweep()).output).to.deep.equal({ deleted: [left?.id] });
    expect(await site.replicas()).to.deep.equal([]);
    expect((await site.sweep()).status, "nothing is left").to.equal("SUCCEEDED");
  });

  it("that took too long is ended wherever it is, and cleaned up after", async () => {
    await site.trouble({ HANGS_AT: "plan" });
    const machine = await site.machine("slow", {}, (text) =>
      text.replace(/"TimeoutSeconds":72000/, '"TimeoutSeconds":8'),
    );
    expect(await site.run(machine)).to.include({ status: "TIMED_OUT" });
    const left = await site.replicas();
    expect(left.map(({ id }) => id).join()).to.match(new RegExp(`^${PREFIX}-\\d{17}$`));
    await site.sweep();
    expect(await site.replicas()).to.deep.equal([]);
  });

  it("succeeds again after all that, as one of the day", async () => {
    expect((await site.run()).status).to.equal("SUCCEEDED");
    expect((await site.manifests()).map(({ kind }) => kind)).to.have.members(["monthly", "daily"]);
  });
});
