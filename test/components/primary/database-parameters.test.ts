import { expect } from "chai";
import { DATABASE_PARAMETERS, MYSQL_VERSION } from "../../../components/primary/database-parameters.ts";

describe("the primary's MySQL", () => {
  const values = Object.fromEntries(DATABASE_PARAMETERS.map(({ name, value }) => [name, value]));

  it("is 8.4, the version that both clouds run", () => {
    expect(MYSQL_VERSION).to.equal("8.4");
  });

  it("can be followed by a server outside of RDS: whole rows, and GTIDs", () => {
    expect(values).to.include({
      "gtid-mode": "ON",
      enforce_gtid_consistency: "ON",
      binlog_format: "ROW",
      binlog_row_image: "FULL",
    });
  });

  it("speaks TLS only", () => {
    expect(values.require_secure_transport).to.equal("1");
  });

  it("folds the names of tables as Azure must, from its first day", () => {
    expect(values.lower_case_table_names).to.equal("1");
  });

  it("lets an administrator who is no superuser load functions and triggers", () => {
    expect(values.log_bin_trust_function_creators).to.equal("1");
  });

  it("takes what was written at the standby from the operator's machine", () => {
    expect(values.local_infile).to.equal("1");
  });

  it("runs events, which tell the age of a live copy", () => {
    expect(values.event_scheduler).to.equal("ON");
  });

  it("writes slow queries to the file that is exported", () => {
    expect(values).to.include({ slow_query_log: "1", log_output: "FILE" });
  });

  it("says each once, and waits for a reboot with what RDS calls static", () => {
    expect(Object.keys(values)).to.have.length(DATABASE_PARAMETERS.length);
    const waiting = DATABASE_PARAMETERS.filter(({ applyMethod }) => applyMethod === "pending-reboot");
    expect(waiting.map(({ name }) => name)).to.deep.equal([
      "gtid-mode",
      "enforce_gtid_consistency",
      "lower_case_table_names",
    ]);
  });
});
