import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import { Service, ServiceError, type ServiceOptions } from "../../../rehearsal/local/service.ts";
import { rejection } from "../../support/rejection.ts";
import { runScript } from "../../support/script.ts";

describe("a service of the rehearsal", () => {
  let folder: string;
  const started: Service[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "service-"));
  });
  afterEach(async () => {
    for (const service of started.splice(0)) await service.stop();
    await rm(folder, { recursive: true });
  });

  /** A service out of a few lines of shell; it is ready once it has made the file `ready`. */
  const options = (script: string, more: Partial<ServiceOptions> = {}): ServiceOptions => ({
    name: "Shell (a test)",
    command: "/bin/sh",
    args: ["-c", script],
    env: { PATH: process.env.PATH },
    folder,
    logFile: join(folder, "shell.log"),
    ready: async () => existsSync(join(folder, "ready")),
    patience: 10_000,
    onDeath: () => {},
    ...more,
  });

  async function start(script: string, more: Partial<ServiceOptions> = {}): Promise<Service> {
    const service = await Service.start(options(script, more));
    started.push(service);
    return service;
  }

  async function until(condition: () => boolean, what: string): Promise<void> {
    const deadline = performance.now() + 10_000;
    while (!condition()) {
      if (performance.now() > deadline) throw new Error(`it never came to this: ${what}`);
      await delay(10);
    }
  }

  const pidIn = (name: string) => Number(readFileSync(join(folder, name), "utf8"));
  const isAlive = (pid: number) => existsSync(`/proc/${pid}`) && !/^State:\s+Z/m.test(statusOf(pid));
  function statusOf(pid: number): string {
    try {
      return readFileSync(`/proc/${pid}/status`, "utf8");
    } catch {
      // Gone between the two looks.
      return "State: Z";
    }
  }

  it("is there once it answers, in its own folder and environment, and prints into its log", async () => {
    const service = await start('pwd; echo "$COLOUR"; echo oops >&2; touch ready; exec sleep 60', {
      env: { PATH: process.env.PATH, COLOUR: "blue" },
    });
    expect(isAlive(service.pid ?? 0)).to.equal(true);
    expect(readFileSync(join(folder, "shell.log"), "utf8")).to.equal(`${folder}\nblue\noops\n`);
  });

  it("ends with the process that started it, even when nobody was left to stop it", async () => {
    const script = "echo $$ > pid; touch ready; exec sleep 60";
    const { code } = await runScript(
      "rehearsal/local/service.ts",
      `const { existsSync } = await import("node:fs");
       await module.Service.start({
         name: "Shell", command: "/bin/sh", args: ["-c", ${JSON.stringify(script)}], env: process.env,
         folder: ${JSON.stringify(folder)}, logFile: ${JSON.stringify(join(folder, "shell.log"))}, patience: 10_000,
         ready: async () => existsSync(${JSON.stringify(join(folder, "ready"))}), onDeath() {},
       });
       process.kill(process.pid, "SIGKILL");`,
      process.env,
    );
    expect(code, "it was killed").to.equal(null);
    await until(() => !isAlive(pidIn("pid")), "the service is gone too");
  });

  it("is gone at once when it is killed, with all that it started, and nobody is told", async () => {
    const deaths: ServiceError[] = [];
    const script = "trap '' TERM; sleep 60 & echo $! > child; touch ready; wait";
    const service = await start(script, { onDeath: (error) => deaths.push(error) });
    const began = performance.now();
    await service.kill();
    expect(performance.now() - began).to.be.below(1000);
    await until(() => !isAlive(service.pid ?? 0) && !isAlive(pidIn("child")), "both are gone");
    expect(deaths).to.deep.equal([]);
  });

  it("that never answers is ended when patience runs out, and the end of its log is shown", async () => {
    const error = await rejection(start("echo waiting for godot; echo $$ > pid; exec sleep 60", { patience: 300 }));
    expect(error).to.be.instanceOf(ServiceError);
    expect(error.message).to.match(
      /^Shell \(a test\) did not answer within 0 s\. .*shell\.log:\n {2}\| waiting for godot$/s,
    );
    await until(() => !isAlive(pidIn("pid")), "the process is ended");
  });

  it("is not waited for longer when the very question hangs", async () => {
    const ready = () => new Promise<boolean>(() => {});
    expect((await rejection(start("exec sleep 60", { ready, patience: 300 }))).message).to.match(/did not answer/);
    const dying = await rejection(start("exit 3", { ready, patience: 60_000 }));
    expect(dying.message).to.match(/ended while it started \(exit code 3\)/);
  });

  it("is asked again when a question fails", async () => {
    let asked = 0;
    const ready = async () => {
      asked++;
      if (asked < 3) throw new Error("ECONNREFUSED");
      return true;
    };
    await start("exec sleep 60", { ready });
    expect(asked).to.equal(3);
  });

  it("that ends while it starts says how, at once, and takes its children along", async () => {
    const script = "sleep 60 & echo $! > child; echo cannot open the port >&2; exit 7";
    const error = await rejection(start(script, { patience: 60_000 }));
    expect(error.message).to.match(/ended while it started \(exit code 7\)\. .*\| cannot open the port/s);
    await until(() => !isAlive(pidIn("child")), "its child is ended");
  });

  it("that cannot be started at all says why", async () => {
    const error = await rejection(start("", { command: "/nowhere/no-such-command" }));
    expect(error.message).to.match(/ended while it started \(spawn \/nowhere\/no-such-command ENOENT\)/);
  });

  it("that dies later tells once how, with the last lines of its log and no more", async () => {
    const deaths: Error[] = [];
    const script = "i=0; while [ $i -lt 40 ]; do i=$((i+1)); echo line $i; done; touch ready; exec sleep 60";
    const service = await start(script, { onDeath: (error) => deaths.push(error) });
    process.kill(service.pid ?? 0, "SIGKILL");
    await until(() => deaths.length > 0, "onDeath is called");
    expect(deaths).to.have.length(1);
    expect(deaths[0]?.message).to.match(/^Shell \(a test\) died \(killed by SIGKILL\)\./);
    const lines = deaths[0]?.message.match(/\| line \d+/g) ?? [];
    expect(lines).to.have.length(15).and.include("| line 40").and.not.include("| line 25");
  });

  it("that is stopped dies no death, and its children end with it", async () => {
    const deaths: Error[] = [];
    const script = "sleep 60 & echo $! > child; touch ready; wait";
    const service = await start(script, { onDeath: (error) => deaths.push(error) });
    const child = pidIn("child");
    expect(isAlive(child)).to.equal(true);
    await service.stop();
    await until(() => !isAlive(child) && !isAlive(service.pid ?? 0), "parent and child are ended");
    expect(deaths).to.deep.equal([]);
    await service.stop();
  });

  it("may end in its own way when it is asked to", async () => {
    const service = await start("trap 'echo goodbye; exit 0' TERM; touch ready; while :; do sleep 0.05; done");
    await service.stop();
    expect(readFileSync(join(folder, "shell.log"), "utf8")).to.include("goodbye");
  });
});
