import { type ChildProcess, spawn } from "node:child_process";
import { createRequire } from "node:module";
import { promisify } from "node:util";
import { credentials } from "@grpc/grpc-js";
import analyzer from "@pulumi/pulumi/proto/analyzer_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/analyzer_pb.js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";
import type { AuditResource } from "../../policy/audit/resources.ts";
import { cpuSecondsOf } from "../process.ts";

/** How the engine has Node run a pack. */
const RUNNER = createRequire(import.meta.url).resolve("@pulumi/pulumi/cmd/run-policy-pack/index.js");
/** A pack asks the engine for nothing, so its address may be nobody's. */
const NO_ENGINE = "127.0.0.1:9";

type Call = (request: object) => Promise<unknown>;

/** A pack as the engine starts it and asks it, without the engine. */
export class PackProcess {
  readonly #child: ChildProcess;
  readonly #one: Call;
  readonly #remedy: Call;
  readonly #all: Call;

  private constructor(child: ChildProcess, port: string) {
    this.#child = child;
    const client = new analyzer.AnalyzerClient(`127.0.0.1:${port}`, credentials.createInsecure(), {
      "grpc.max_receive_message_length": -1,
    });
    const call = (method: unknown) =>
      promisify((method as (request: object, done: never) => void).bind(client)) as Call;
    this.#one = call(client.analyze);
    this.#remedy = call(client.remediate);
    this.#all = call(client.analyzeStack);
  }

  /** @param folder of the pack @throws Error when it ends before it listens */
  static async start(folder: string): Promise<PackProcess> {
    const child = spawn(process.execPath, [RUNNER, NO_ENGINE, folder], {
      cwd: folder,
      stdio: ["ignore", "pipe", "inherit"],
      // A group of its own, whose processor's time can be counted.
      detached: true,
    });
    const port = await new Promise<string>((resolve, reject) => {
      child.stdout?.once("data", (text) => resolve(String(text).trim()));
      child.once("exit", (code) =>
        reject(new Error(`expected the pack in ${folder} to listen, found it ended (${code})`)),
      );
    });
    return new PackProcess(child, port);
  }

  /** Processor's time since it was started. */
  get cpuSeconds(): number {
    return cpuSecondsOf(this.#child.pid ?? 0);
  }

  /** Asks as a preview does: each resource for remedies and for faults, and at the end all together. */
  async preview(resources: readonly AuditResource[]): Promise<void> {
    for (const resource of resources) {
      const request = filled(new messages.AnalyzeRequest(), resource);
      await this.#remedy(request);
      await this.#one(request);
    }
    const all = new messages.AnalyzeStackRequest();
    all.setResourcesList(resources.map((resource) => filled(new messages.AnalyzerResource(), resource)));
    await this.#all(all);
  }

  stop(): void {
    this.#child.removeAllListeners("exit");
    this.#child.kill();
  }
}

/** What all requests have alike. */
interface Request {
  setType(type: string): void;
  setUrn(urn: string): void;
  setName(name: string): void;
  setProperties(properties: unknown): void;
  setOptions(options: unknown): void;
}

function filled<T extends object>(request: T, { type, urn, name, props, protect }: AuditResource): T {
  const options = new messages.AnalyzerResourceOptions();
  options.setProtect(protect);
  const fields = request as T & Request;
  fields.setType(type);
  fields.setUrn(urn);
  fields.setName(name);
  fields.setProperties(struct.Struct.fromJavaScript(props as never));
  fields.setOptions(options);
  return request;
}
