import { expect } from "chai";
import { type Followable, preparationFor } from "../../../lambdas/standby/follower-preparation.ts";

const NEW: Followable = { gtidMode: "OFF", enforced: "OFF", filters: [], unknown: "u:1-5", stale: false };
const DONE: Followable = { gtidMode: "ON", enforced: "ON", filters: ["sys.%", "mysql.%"], unknown: "", stale: false };

describe("what a server needs before it can follow", () => {
  it("comes one after the other, one mode of GTIDs at a time, and last what its dump holds", () => {
    let seen = NEW;
    const taken: string[] = [];
    for (let next = preparationFor(seen, "u:1-9"); next && taken.length < 20; next = preparationFor(seen, "u:1-9")) {
      taken.push(next.kind === "parameter" ? `${next.name}=${next.value}` : next.gtid);
      if (next.kind === "gtids") seen = { ...seen, unknown: "" };
      else if (next.name === "gtid_mode") seen = { ...seen, gtidMode: next.value };
      else if (next.name === "enforce_gtid_consistency") seen = { ...seen, enforced: next.value };
      else seen = { ...seen, filters: [next.value] };
    }
    expect(taken).to.deep.equal([
      "replicate_wild_ignore_table=mysql.%",
      "enforce_gtid_consistency=ON",
      ...["OFF_PERMISSIVE", "ON_PERMISSIVE", "ON"].map((mode) => `gtid_mode=${mode}`),
      "u:1-9",
    ]);
  });

  it("is nothing where all of it is done, as on a server with a second one", () => {
    expect(preparationFor(DONE, "u:1")).to.equal(undefined);
  });

  it("is the dump's history where the server still has another one, whatever else that holds", () => {
    expect(preparationFor({ ...DONE, stale: true }, "u:1")).to.deep.equal({ kind: "gtids", gtid: "u:1" });
  });
});
