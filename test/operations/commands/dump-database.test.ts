import { spawn } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { PROJECT_FOLDER } from "../../../operations/stack-files.ts";
import { until } from "../../support/until.ts";

const MACHINE = "arn:aws:states:eu-west-1:111122223333:stateMachine:dump";
const EXECUTION = "arn:aws:states:eu-west-1:111122223333:execution:dump:night";

/** Milliseconds that the command may take until it follows, also on a machine that has more to do. */
const STARTING = 60_000;

/** What Step Functions answers while a dump is made. */
const ANSWERS: Record<string, object> = {
  ListExecutions: { executions: [{ executionArn: EXECUTION, startDate: 1_795_227_300 }] },
  DescribeExecution: { executionArn: EXECUTION, status: "RUNNING" },
  GetExecutionHistory: {
    events: [
      { timestamp: 0, type: "TaskStateEntered", id: 1, stateEnteredEventDetails: { name: "Create the replica" } },
    ],
  },
};

// The command as it is started at a shell, with an engine that only tells the outputs of link, and a machine that is at
// work for ever.
describe("npm run dr -- dump-database --wait", () => {
  let folder: string;
  let server: Server;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "dump-database-"));
    const outputs = JSON.stringify({ workload: "shop", dumpMachineArn: MACHINE });
    writeFileSync(join(folder, "outputs.json"), outputs);
    const engine = join(folder, "pulumi");
    writeFileSync(
      engine,
      `#!/bin/sh\nif [ "$1" = version ]; then echo v3.259.0; else exec /bin/cat ${folder}/outputs.json; fi\n`,
    );
    chmodSync(engine, 0o755);
    server = createServer((request, response) => {
      const operation = String(request.headers["x-amz-target"]).split(".")[1] ?? "";
      response.setHeader("content-type", "application/x-amz-json-1.0").end(JSON.stringify(ANSWERS[operation]));
    }).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
  });

  after(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });

  it("tells its phase without a terminal, and after Ctrl-C which dump goes on and what the command does then", async () => {
    const args = [join(PROJECT_FOLDER, "operations/main.ts"), "dump-database", "--wait", "--json"];
    const AWS_ENDPOINT_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const signedIn = { AWS_ACCESS_KEY_ID: "a", AWS_SECRET_ACCESS_KEY: "b", AWS_ENDPOINT_URL };
    const child = spawn(process.execPath, args, { env: { ...process.env, ...signedIn, PATH: folder } });
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (chunk) => {
      stdout += chunk;
    });
    child.stderr.on("data", (chunk) => {
      stderr += chunk;
    });
    const ended = new Promise((resolve) => child.once("close", resolve));
    await until(() => stderr.includes("Create the replica\n"), "the command tells the phase", STARTING);
    child.kill("SIGINT");
    expect(await ended).to.equal(130);
    expect(stdout).to.equal("");
    expect(stderr).to.include(
      `The dump goes on without this command: ${EXECUTION}. While it runs the same command follows it again; once it has ` +
        "ended, that begins another one.",
    );
  });
});
