import { expect } from "chai";
import { type Manifest, readManifest } from "../../../lambdas/database/manifest.ts";

const good: Manifest = {
  version: 1,
  dump: "20261121T021500Z",
  kind: "daily",
  frozen: {
    gtid: "3e11fa47-71ca-11e1-9e33-c80aa9429562:1-77",
    binlog: { file: "mysql-bin.000003", position: 154 },
    server: "3e11fa47-71ca-11e1-9e33-c80aa9429562",
    version: "8.4.7",
  },
  startedAt: "2026-11-21T02:15:00Z",
  sealedAt: "2026-11-21T02:45:00Z",
  schemas: ["shop", "empty"],
  definitions: { size: 5, sha256: "ab" },
  rows: 3,
  bytes: 40,
  size: 30,
  chunks: [
    {
      ...{ chunk: 1, schema: "shop", table: "orders" },
      range: { equal: [["tenant", "7"]], column: "id", from: "5", to: "9" },
      ...{ rows: 3, bytes: 40, size: 30, sha256: "cd", checksum: "12345678901234567890" },
    },
  ],
  obstacles: [{ severity: "warning", subject: "shop.log", problem: "no key", mend: "add one" }],
};
const problem = (change: unknown) => {
  try {
    readManifest(typeof change === "string" ? change : JSON.stringify(change), "manifests/daily/x.json");
  } catch (error) {
    return (error as Error).message;
  }
  return "";
};

describe("a manifest", () => {
  it("is read as it was written", () => {
    expect(readManifest(JSON.stringify(good), "manifests/daily/x.json")).to.deep.equal(good);
  });
  it("may be one of a server that follows nobody, and of no table at all", () => {
    const { binlog: _, ...frozen } = good.frozen;
    const bare = { ...good, frozen, chunks: [], schemas: [], obstacles: [] };
    expect(readManifest(JSON.stringify(bare), "x")).to.deep.equal(bare);
  });
  it("that was cut short is no JSON, and the error names the file", () => {
    expect(problem(JSON.stringify(good).slice(0, 99))).to.match(
      /^expected a dump's manifest in manifests\/daily\/x\.json, found no JSON: /,
    );
  });
  it("of another version, or of anything else, is not taken for one", () => {
    expect(problem({ ...good, version: 2 })).to.match(/of version 1 in manifests\/daily\/x\.json.*expected 1/s);
    expect(problem([])).to.include("expected a dump's manifest of version 1");
    expect(problem("null")).to.include("expected a dump's manifest of version 1");
  });
  it("that lacks something, or has what nobody knows, is told everything that is wrong with it", () => {
    const { gtid: _, ...frozen } = good.frozen;
    const [chunk] = good.chunks;
    const told = problem({ ...good, frozen, kind: "hourly", more: true, chunks: [{ ...chunk, rows: "3" }] });
    for (const part of ["frozen.gtid", "kind", '"more"', "chunks[0].rows"]) expect(told).to.include(part);
  });
});
