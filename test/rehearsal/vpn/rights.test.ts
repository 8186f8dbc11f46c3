import { expect } from "chai";
import { whyNoTunnels } from "../../../rehearsal/vpn/rights.ts";
import { runScript } from "../../support/script.ts";

describe("the rights that real tunnels need", () => {
  it("are missing for another user than root, and the reason says so", async function () {
    if (process.getuid?.() !== 0) this.skip();
    const { stdout, stderr } = await runScript(
      "rehearsal/vpn/rights.ts",
      "process.setuid(65534); console.log(await module.whyNoTunnels());",
      process.env,
    );
    expect(stdout.trim(), stderr).to.equal("only root may make network namespaces; this runs as another user");
  });

  it("are missing without the device that packets are handed over by", async function () {
    if (process.getuid?.() !== 0) this.skip();
    expect(await whyNoTunnels("/dev/net/none")).to.equal("/dev/net/none may not be opened (ENOENT)");
  });
});
