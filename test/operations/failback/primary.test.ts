import { text } from "node:stream/consumers";
import { expect } from "chai";
import type { Connection, RowDataPacket } from "mysql2/promise";
import { missingAtStandby, primaryLogin, renderMissing } from "../../../operations/failback/primary.ts";
import { Endpoint } from "../../rehearsal/dns/endpoint.ts";
import { awsAt, inEnvironment } from "../../support/environment.ts";
import { ADMINISTRATOR, type OneMysql, oneMysql } from "../../support/one-mysql.ts";
import { rejection } from "../../support/rejection.ts";
import { manifestOf } from "../database/dumps-on.ts";
import { prodOutputs } from "../sites-outputs.ts";

const COPY = manifestOf("2026-11-22T10:00:00Z");
const NOBODYS = "3e11fa47-71ca-11e1-9e33-c80aa9429562";

describe("what the primary has and the standby never had", () => {
  let mysql: OneMysql;
  let connection: Connection;
  let known: string;

  before(async () => {
    mysql = await oneMysql({ gtid_mode: "ON", enforce_gtid_consistency: "ON" });
    connection = await mysql.connect();
    await connection.query("CREATE DATABASE shop");
    await connection.query("CREATE TABLE shop.orders (number INT PRIMARY KEY)");
    const [[row]] = await connection.query<RowDataPacket[]>("SELECT @@GLOBAL.gtid_executed AS gtid");
    known = String(row?.gtid);
  });

  after(() => mysql[Symbol.asyncDispose]());

  /** @param gtid what the standby has @param ofPrimary what it had of the primary before it wrote itself */
  function missing(gtid: string, ofPrimary?: string, { server } = mysql) {
    const login = { host: server.address, port: server.port, ...ADMINISTRATOR };
    const own = ofPrimary === undefined ? undefined : ({ ofPrimary } as never);
    return missingAtStandby(login, { ...COPY, frozen: { ...COPY.frozen, gtid }, own });
  }

  it("is nothing where the copy has all of it, by its own writes or by what it had of the primary", async () => {
    const nothing = { gtid: "", transactions: 0, writes: 0, subjects: [] };
    expect(await missing(`${NOBODYS}:1-9,${known}`)).to.deep.equal(nothing);
    expect(await missing(`${NOBODYS}:1-9`, known)).to.deep.equal(nothing);
  });

  it("is what was written since, with the tables and statements, and what is done to accounts is none of it", async () => {
    await connection.query("CREATE USER someone IDENTIFIED BY 'a password of theirs'");
    const accounts = await missing(known);
    expect(accounts).to.include({ transactions: 1, writes: 0 });
    expect(renderMissing(accounts)).to.equal("the primary has nothing of the workload's that the standby never had");
    await connection.query("INSERT INTO shop.orders VALUES (1), (2)");
    await connection.query("INSERT INTO shop.orders VALUES (3)");
    const found = await missing(known);
    expect(found).to.deep.include({ transactions: 3, writes: 2, subjects: ["shop.orders"] });
    expect(found.gtid).to.match(/^[0-9a-f-]{36}:\d+-\d+$/);
  });

  it("is all of it where the copy knows nothing of this primary", async () => {
    const { writes, subjects } = await missing(`${NOBODYS}:1-9`, "");
    expect(writes).to.be.at.least(4);
    expect(subjects.join("; ")).to.match(/CREATE DATABASE shop.*shop\.orders/);
  });

  it("is not read one by one where it is more than anybody reads through", async () => {
    await mysql.server.query(`SET GLOBAL gtid_purged = '+${NOBODYS}:1-60000'`);
    const found = await missing(known);
    expect(found.transactions).to.be.at.least(60_000);
    expect(found).to.deep.include({ subjects: [] }).and.not.have.property("writes");
    expect(renderMissing(found)).to.match(/^the primary has up to 6\d{4} transactions of which the standby knows/);
  });

  it("can't be told where the primary counts no transactions", async () => {
    await using plain = await oneMysql({ gtid_mode: "OFF", enforce_gtid_consistency: "OFF" });
    const found = await missing("", undefined, plain);
    expect(found).to.deep.equal({ transactions: 0, subjects: [] });
    expect(renderMissing(found)).to.include("can't be told");
  });

  it("is told with ten subjects at most", () => {
    const subjects = Array.from({ length: 11 }, (_, index) => `shop.t${index + 1}`);
    const said = renderMissing({ gtid: "a:1-20", transactions: 20, writes: 20, subjects });
    expect(said).to.match(
      /^the primary has 20 transactions of which .* \(shop\.t1, .*shop\.t10, …\); only the snapshot/,
    );
    expect(renderMissing({ gtid: "a:1", transactions: 1, writes: 1, subjects: ["shop.orders"] })).to.include(
      "(shop.orders); only",
    );
  });
});

// A server that speaks as Secrets Manager does.
describe("who loads into the primary", () => {
  let secrets: Endpoint;
  let asked: string;

  before(async () => {
    secrets = await new Endpoint().open();
    secrets.act = async (request, response) => {
      asked = await text(request);
      response.setHeader("content-type", "application/x-amz-json-1.1");
      response.end(JSON.stringify({ SecretString: '{"username":"dbadmin","password":"a secret"}' }));
    };
  });
  after(() => secrets[Symbol.asyncDispose]());

  inEnvironment(() => awsAt(`http://127.0.0.1:${secrets.port}/`));

  const outputs = (databasePort: unknown) =>
    prodOutputs({
      ...{ region: "eu-west-1", databaseAddress: "shop.rds.amazonaws.com", databaseSecretArn: "arn:aws:secret" },
      databasePort,
    });

  it("is its administrator, by the secret of stack prod", async () => {
    expect(await primaryLogin(outputs(3306))).to.deep.equal({
      ...{ host: "shop.rds.amazonaws.com", port: 3306, username: "dbadmin", password: "a secret" },
    });
    expect(JSON.parse(asked)).to.deep.equal({ SecretId: "arn:aws:secret" });
    expect((await primaryLogin(outputs("3307"))).port).to.equal(3307);
  });

  it("is nobody where the stack was deployed without the port", async () => {
    expect((await rejection(primaryLogin(outputs(undefined)))).message).to.equal(
      "expected the output databasePort of stack prod, found undefined: deploy it as it is now",
    );
  });
});
