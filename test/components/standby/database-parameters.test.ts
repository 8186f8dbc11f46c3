import { expect } from "chai";
import { SERVER_PARAMETERS } from "../../../components/standby/database-parameters.ts";

describe("the parameters of the standby's MySQL server", () => {
  it("are what the data needs", () => {
    expect(Object.fromEntries(SERVER_PARAMETERS.map(({ name, value }) => [name, value]))).to.deep.equal({
      require_secure_transport: "ON",
      sql_generate_invisible_primary_key: "OFF",
      log_bin_trust_function_creators: "ON",
      max_allowed_packet: "1073741824",
      local_infile: "ON",
      event_scheduler: "ON",
      time_zone: "+00:00",
    });
  });

  it("are each set once: Azure makes a parameter of what has its default, and only then", () => {
    const names = SERVER_PARAMETERS.map(({ name }) => name);
    expect(new Set(names)).to.have.property("size", names.length);
  });
});
