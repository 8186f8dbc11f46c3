import { text } from "node:stream/consumers";
import { expect } from "chai";
import {
  openSnapshots,
  type SeenSnapshot,
  snapshotName,
  snapshotPrimary,
} from "../../../operations/failback/snapshot.ts";
import { Endpoint } from "../../rehearsal/dns/endpoint.ts";
import { awsAt, inEnvironment } from "../../support/environment.ts";
import { rejection } from "../../support/rejection.ts";
import { prodOutputs } from "../sites-outputs.ts";

const { signal } = new AbortController();
const NAME = "shop-before-failback-20261122t100000z";

/** RDS, where a snapshot is seen so, one look after the other; the last for good. */
function rdsWith(...seen: (SeenSnapshot | undefined)[]) {
  const created: string[] = [];
  const said: string[] = [];
  const snapshots = {
    find: async () => (seen.length > 1 ? seen.shift() : seen[0]),
    create: async (name: string) => {
      created.push(name);
    },
  };
  const make = (given = signal) => snapshotPrimary(snapshots, NAME, (line) => said.push(line), given, 1);
  return { make, created, said };
}

describe("the snapshot of the primary before anything is loaded over it", () => {
  it("is named after the copy that is loaded, so that there is one for each", () => {
    expect(snapshotName("shop", "20261122T100000Z")).to.equal(NAME);
  });

  it("is made, and waited for until it is available", async () => {
    const { make, created, said } = rdsWith(
      undefined,
      undefined,
      { Status: "creating" },
      { Status: "creating", PercentProgress: 40 },
      { Status: "available", PercentProgress: 100 },
    );
    expect(await make()).to.equal(NAME);
    expect(created).to.deep.equal([NAME]);
    expect(said).to.deep.equal([
      `snapshot ${NAME}: asked for`,
      `snapshot ${NAME}: creating`,
      `snapshot ${NAME}: creating, 40 %`,
    ]);
  });

  it("is not made again where there is one, whether it is ready or not", async () => {
    const ready = rdsWith({ Status: "available" });
    expect(await ready.make()).to.equal(NAME);
    const begun = rdsWith({ Status: "creating" }, { Status: "creating" }, { Status: "available" });
    expect(await begun.make()).to.equal(NAME);
    expect([...ready.created, ...begun.created]).to.deep.equal([]);
  });

  it("is no snapshot where RDS could not make it", async () => {
    const { make, created } = rdsWith({ Status: "failed" });
    expect((await rejection(make())).message).to.match(
      /^expected the snapshot shop-before-failback-20261122t100000z to become available, found it failed: delete it/,
    );
    expect(created).to.deep.equal([]);
  });

  it("is waited for no longer than the signal says", async () => {
    const { make } = rdsWith({ Status: "creating" });
    expect((await rejection(make(AbortSignal.abort(new Error("too long"))))).message).to.equal("too long");
  });
});

// A server that speaks as RDS does.
describe("the snapshots of RDS", () => {
  let rds: Endpoint;
  let asked: URLSearchParams[];
  let there: boolean;

  before(async () => {
    rds = await new Endpoint().open();
    rds.act = async (request, response) => {
      const parameters = new URLSearchParams(await text(request));
      asked.push(parameters);
      const action = parameters.get("Action");
      if (action === "DescribeDBSnapshots" && !there) {
        response
          .writeHead(404)
          .end(
            "<ErrorResponse><Error><Type>Sender</Type><Code>DBSnapshotNotFound</Code><Message>none</Message></Error></ErrorResponse>",
          );
        return;
      }
      const snapshot = "<Status>creating</Status><PercentProgress>7</PercentProgress>";
      const result =
        action === "CreateDBSnapshot"
          ? `<DBSnapshot>${snapshot}</DBSnapshot>`
          : `<DBSnapshots><DBSnapshot>${snapshot}</DBSnapshot></DBSnapshots>`;
      response.end(`<${action}Response><${action}Result>${result}</${action}Result></${action}Response>`);
    };
  });
  beforeEach(() => {
    asked = [];
  });
  after(() => rds[Symbol.asyncDispose]());

  inEnvironment(() => awsAt(`http://127.0.0.1:${rds.port}/`));

  const open = () => openSnapshots(prodOutputs({ region: "eu-west-1", databaseIdentifier: "shop-primary" }));

  it("are found by name, and none is no failure", async () => {
    there = true;
    expect(await (await open()).find(NAME)).to.deep.include({ Status: "creating", PercentProgress: 7 });
    expect(asked[0]?.get("DBSnapshotIdentifier")).to.equal(NAME);
    there = false;
    expect(await (await open()).find(NAME)).to.equal(undefined);
  });

  it("are made of the primary's instance, and say what they are for", async () => {
    await (await open()).create(NAME);
    const sent = Object.fromEntries(asked[0] ?? []);
    expect(sent).to.include({ DBInstanceIdentifier: "shop-primary", DBSnapshotIdentifier: NAME });
    expect(sent).to.include({ "Tags.Tag.1.Value": "shop", "Tags.Tag.2.Value": "the primary before failback" });
  });
});
