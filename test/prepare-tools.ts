import { takeSteps } from "../rehearsal/steps.ts";
import { findChromium } from "../rehearsal/tools/chromium.ts";
import { findEngine } from "../rehearsal/tools/engine.ts";
import { findMySql } from "../rehearsal/tools/mysql.ts";
import { findMiniStack } from "../rehearsal/tools/python.ts";
import { findQemuImg } from "../rehearsal/tools/qemu.ts";
import { findVpnTools } from "../rehearsal/tools/vpn.ts";
import { whyNoTunnels } from "../rehearsal/vpn/rights.ts";

/**
 * Finds, installs or builds the tools of all tests before the first of them: on a new machine that takes minutes, longer
 * than any test may.
 */
export async function mochaGlobalSetup(): Promise<void> {
  const interrupted = new AbortController();
  const interrupt = () => interrupted.abort(new Error("interrupted while the tools were prepared"));
  process.once("SIGINT", interrupt);
  const { signal } = interrupted;
  try {
    await takeSteps([
      { title: "Find the local AWS, MiniStack", run: (report) => findMiniStack(report, signal) },
      { title: "Find MySQL", run: async (report) => (await findMySql(report, signal)).origin },
      { title: "Find Chromium", run: async (report) => (await findChromium(report, signal)).origin },
      { title: "Find qemu-img", run: async (report) => (await findQemuImg(report, signal)).version },
      {
        title: "Find strongSwan and BIRD",
        run: async (report) => (await whyNoTunnels()) ?? (await findVpnTools(report, signal)).version,
      },
      { title: "Find the Pulumi engine", run: async (report) => (await findEngine(report, signal)).origin },
    ]);
  } finally {
    process.off("SIGINT", interrupt);
  }
}
