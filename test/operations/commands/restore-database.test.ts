import { spawn } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ContainerClient } from "@azure/storage-blob";
import { expect } from "chai";
import { BlobDumpStore } from "../../../lambdas/database/blob-dump-store.ts";
import { dumpNames } from "../../../lambdas/database/layout.ts";
import { BlobClient } from "../../../lambdas/objects/blob-client.ts";
import { RESTORE_BLOB, readRestore } from "../../../lambdas/standby/restore-document.ts";
import { STATE_BLOB } from "../../../lambdas/standby/state-document.ts";
import { PROJECT_FOLDER } from "../../../operations/stack-files.ts";
import { useLocalAzure } from "../../support/local-azure.ts";
import { until } from "../../support/until.ts";
import { lay, manifestOf } from "../database/dumps-on.ts";

/** Storage Blob Data Contributor. */
const CONTRIBUTOR = "ba92f5b4-2d11-453d-a403-e96b0029c9fe";

/** Milliseconds that the command may take until it has looked at everything, also on a machine that has more to do. */
const STARTING = 60_000;

const OLD = manifestOf("2026-11-19T02:15:00Z", { kind: "weekly" });
const DAMAGED = manifestOf("2026-11-20T02:15:00Z");
const LOST = dumpNames("daily", DAMAGED.dump).chunk(2);

// The command as it is started at a shell, with an engine that only tells the outputs of dr; the rest is real.
describe("npm run dr -- restore-database, at the standby", () => {
  const azure = useLocalAzure();
  let folder: string;
  let control: ContainerClient;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "restore-database-"));
    const place = async () => {
      const made = await azure.container();
      const name = String(made.account.properties.accountName);
      const principal = crypto.randomUUID();
      await azure.assign(principal, azure.builtInRole(CONTRIBUTOR), made.container.id);
      return { endpoint: azure.local.blobs.endpointOf(name), container: azure.containerAs(principal, name) };
    };
    const dumps = await place();
    const store = new BlobDumpStore("dumps", new BlobClient(dumps.container.url, dumps.container.credential as never));
    await lay(store, OLD);
    await lay(store, DAMAGED, [LOST]);
    const { container, endpoint } = await place();
    control = container;
    pretendEngine({
      ...{ workload: "shop", dumpsBlobEndpoint: dumps.endpoint, dumpsContainerName: "content" },
      controlEndpoint: `${endpoint}content`,
    });
  });

  beforeEach(async () => {
    await control.getBlobClient(RESTORE_BLOB).deleteIfExists();
    await say({});
  });

  after(() => rmSync(folder, { recursive: true }));

  function pretendEngine(outputs: object): void {
    const engine = join(folder, "pulumi");
    writeFileSync(join(folder, "outputs.json"), JSON.stringify(outputs));
    writeFileSync(
      engine,
      `#!/bin/sh\nif [ "$1" = version ]; then echo v3.259.0; else exec /bin/cat ${folder}/outputs.json; fi\n`,
    );
    chmodSync(engine, 0o755);
  }

  /** Has the controller say how it stands. */
  async function say(more: object): Promise<void> {
    const planned = { database: { target: "stopped", follows: "dumps", own: false } };
    const at = new Date().toISOString();
    const text = JSON.stringify({ version: 2, status: "settled", detail: "all is well", at, planned, ...more });
    await control.getBlockBlobClient(STATE_BLOB).upload(text, Buffer.byteLength(text));
  }

  /** Has somebody ask for a dump before. */
  async function ask(dump: string): Promise<void> {
    const request = {
      version: 1,
      dump,
      kind: "daily",
      discard: false,
      requestedAt: new Date().toISOString(),
      by: "me",
    };
    const text = JSON.stringify(request);
    await control.getBlockBlobClient(RESTORE_BLOB).upload(text, Buffer.byteLength(text));
  }

  const asked = async () => readRestore(String(await control.getBlobClient(RESTORE_BLOB).downloadToBuffer()));

  function start(...args: string[]) {
    const child = spawn(process.execPath, [join(PROJECT_FOLDER, "operations/main.ts"), "restore-database", ...args], {
      env: {
        ...process.env,
        ...azure.local.operatorEnvironment(),
        NODE_EXTRA_CA_CERTS: azure.certificate.certificateFile,
        PATH: folder,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const said = { stdout: "", stderr: "" };
    for (const stream of ["stdout", "stderr"] as const) {
      child[stream].on("data", (chunk) => {
        said[stream] += chunk;
      });
    }
    const ended = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) =>
      child.once("close", (code) => resolve({ code, ...said })),
    );
    return { child, said, ended };
  }

  const run = (...args: string[]) => start(...args).ended;

  const request = () =>
    until(() => control.getBlobClient(RESTORE_BLOB).exists(), "the command asked for a restore", STARTING);

  /** Waits for the request, and has the controller carry it out. */
  async function carryOut(): Promise<void> {
    await request();
    const { dump, requestedAt } = await asked();
    await say({ data: { loaded: dump, restored: requestedAt }, restore: { dump, requestedAt, status: "loaded" } });
  }

  it("lists the dumps, and what is amiss with them", async () => {
    const { code, stdout } = await run("--list");
    expect(code).to.equal(0);
    expect(stdout).to.match(/20261120T021500Z +daily .* 1 faults[\s\S]*20261119T021500Z +weekly .* complete/);
    expect(stdout).to.include(`${LOST} is missing`);
  });

  it("shows with the list how the standby stands, and what was asked for", async () => {
    await ask("20261118T021500Z");
    await say({ data: { loaded: OLD.dump }, setAside: [{ dump: "20261117T021500Z", reason: "damaged" }] });
    const [{ stdout }, { stdout: json }] = await Promise.all([run("--list"), run("--list", "--json")]);
    expect(stdout).to.include(`Loaded at the standby: ${OLD.dump}.`);
    expect(stdout).to.include("Request: 20261118T021500Z was asked for at ").and.include("is not carried out yet.");
    expect(stdout).to.include("Set aside: 20261117T021500Z: damaged");
    expect(stdout).to.match(/Controller: settled, as state\.json said .*s ago: all is well/);
    expect(JSON.parse(json).standby).to.deep.include({ loaded: OLD.dump, request: await asked() });
  });

  it("lists the dumps also where the controller has never run", async () => {
    await control.getBlobClient(STATE_BLOB).delete();
    const { code, stdout } = await run("--list");
    expect(code).to.equal(0);
    expect(stdout).to.include("How the standby stands can't be told").and.include("it has never run");
  });

  it("shows with --dry-run what it would do, and does nothing", async () => {
    await say({ data: { loaded: "20261118T021500Z" } });
    const { code, stdout } = await run("--from", "latest", "--dry-run");
    expect(code).to.equal(0);
    expect(stdout).to.include("Passed over, for it is not complete: daily 20261120T021500Z");
    expect(stdout).to.include("From the weekly dump 20261119T021500Z, begun ");
    expect(stdout).to.include("To the standby of shop, which holds: the dump 20261118T021500Z.");
    expect(await control.getBlobClient(RESTORE_BLOB).exists()).to.equal(false);
  });

  it("asks nobody without a terminal, and says what to give instead", async () => {
    const { code, stderr } = await run("--from", "latest");
    expect(code).to.equal(2);
    expect(stderr).to.include("expected --yes or --dry-run, found no terminal to ask on");
    expect(await control.getBlobClient(RESTORE_BLOB).exists()).to.equal(false);
  });

  it("has the controller do it, and ends when that is done", async () => {
    const [{ code, stdout }] = await Promise.all([
      run("--from", OLD.dump, "--yes", "--why", "a test", "--json"),
      carryOut(),
    ]);
    expect(code).to.equal(0);
    const { loaded, request } = JSON.parse(stdout);
    expect(loaded).to.equal(true);
    expect(request).to.deep.equal(await asked());
    expect(request).to.include({ dump: OLD.dump, kind: "weekly", discard: false, why: "a test" });
  });

  it("goes on following what was asked for before, without asking anew", async () => {
    const command = start("--from", OLD.dump, "--yes");
    await request();
    const first = await asked();
    command.child.kill("SIGINT");
    const { code, stderr } = await command.ended;
    expect(code).to.equal(130);
    expect(stderr).to.include("The restore goes on at the standby without this command");
    const second = start("--from", "latest");
    await until(() => second.said.stdout.includes("it is followed"), "the request is followed", STARTING);
    await carryOut();
    const { code: end, stdout } = await second.ended;
    expect(end).to.equal(0);
    expect(stdout).to.include(`Loaded and verified: ${OLD.dump}.`);
    expect(await asked()).to.deep.equal(first);
  });

  it("corrects a request that was a mistake, also by the dump that is loaded still", async () => {
    await ask("20261118T021500Z");
    await say({ data: { loaded: OLD.dump } });
    const open = `20261118T021500Z was asked for at ${(await asked()).requestedAt}`;
    const dry = await run("--from", OLD.dump, "--dry-run");
    expect(dry.stdout).to.include(open).and.include("Nothing was done.");
    const command = start("--from", OLD.dump, "--yes");
    // The emulator may show a blob half written.
    const now = () => asked().catch(() => undefined);
    await until(async () => (await now())?.dump === OLD.dump, "the command asked for another", STARTING);
    await carryOut();
    const { code, stdout } = await command.ended;
    expect(code).to.equal(0);
    expect(stdout).to.include(open).and.include(`Now ${OLD.dump} is asked for, instead of 20261118T021500Z.`);
  });

  it("refuses a dump that is not complete, with its files", async () => {
    const { code, stderr } = await run("--from", DAMAGED.dump, "--yes");
    expect(code).to.equal(1);
    expect(stderr).to.include("is not complete, and can't be loaded").and.include(LOST);
  });

  it("refuses to lose the standby's own writes, and loses them when it is told to", async () => {
    await say({
      planned: { database: { target: "promoted", follows: "nobody", own: true } },
      data: { loaded: "20261118T021500Z", tenure: "own" },
    });
    const refused = await run("--from", "latest", "--yes");
    expect(refused.code).to.equal(1);
    expect(refused.stderr).to.include("--discard-standby");
    const [{ code }] = await Promise.all([run("--from", "latest", "--yes", "--discard-standby"), carryOut()]);
    expect(code).to.equal(0);
    expect((await asked()).discard).to.equal(true);
  });

  it("does nothing where that dump is what the server holds", async () => {
    await say({ data: { loaded: OLD.dump } });
    const { code, stdout } = await run("--from", "latest", "--yes");
    expect(code).to.equal(0);
    expect(stdout).to.include("It is loaded already");
    expect(await control.getBlobClient(RESTORE_BLOB).exists()).to.equal(false);
  });
});
