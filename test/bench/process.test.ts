import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect } from "chai";
import { cpuSecondsOf, cpuSecondsOfAll, measure } from "../../bench/process.ts";
import { rejection } from "../support/rejection.ts";

const MIB = 1024 * 1024;

describe("measuring a process", () => {
  const run = (script: string, signal = AbortSignal.timeout(20_000)) =>
    measure("python3", { command: process.execPath, args: ["--eval", script], environment: {}, folder: "/" }, signal);

  it("tells how long it took, and that waiting costs no time of a processor", async () => {
    const { seconds, cpuSeconds } = await run("setTimeout(() => {}, 500)");
    expect(seconds).to.be.at.least(0.5);
    expect(cpuSeconds).to.be.below(0.4);
  });

  it("tells what it computed", async () => {
    const { cpuSeconds } = await run("while (process.cpuUsage().user < 300_000);");
    expect(cpuSeconds).to.be.at.least(0.3);
  });

  it("tells what a group of processes computed that still run", async () => {
    const script = "while (process.cpuUsage().user < 300_000); console.log('done'); setTimeout(() => {}, 20_000)";
    const child = spawn("sh", ["-c", `"${process.execPath}" --eval "${script}"; true`], {
      detached: true,
      stdio: ["ignore", "pipe", "ignore"],
    });
    try {
      await once(child.stdout, "data");
      expect(cpuSecondsOf(child.pid ?? 0)).to.be.at.least(0.25);
    } finally {
      process.kill(-(child.pid ?? 0), "SIGKILL");
    }
  });

  it("tells what everything on the machine computed", async () => {
    const before = cpuSecondsOfAll();
    await run("while (process.cpuUsage().user < 300_000);");
    expect(cpuSecondsOfAll() - before).to.be.at.least(0.25);
  });

  it("tells the most memory that it had, also when it gave it back", async () => {
    const idle = await run("0");
    const busy = await run("Buffer.alloc(200 * 1024 * 1024, 1)");
    expect(busy.peakBytes - idle.peakBytes).to.be.within(150 * MIB, 250 * MIB);
  });

  it("fails with what the process said, when that fails", async () => {
    const { message } = await rejection(run("console.log('all is lost'); process.exit(3)"));
    expect(message).to.equal(`\`${process.execPath}\` ended with code 3; it said:\n  | all is lost`);
  });

  it("ends the process when it is told to", async () => {
    const started = performance.now();
    const { name } = await rejection(run("setTimeout(() => {}, 20_000)", AbortSignal.timeout(300)));
    expect(name).to.equal("AbortError");
    expect(performance.now() - started).to.be.below(5000);
  });
});
