import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { RegistryKind } from "../tools/registry.ts";
import { lastingPort } from "./ports.ts";
import { Service, type ServiceError } from "./service.ts";

export interface RegistryOptions {
  kind: RegistryKind;
  /** Path of the program. */
  program: string;
  /** Folder for its content and its log. */
  folder: string;
  onDeath(error: ServiceError): void;
}

/** A running registry. */
export interface RunningRegistry {
  service: Service;
  /** Where it answers, without TLS and asking nobody who he is. @example "http://127.0.0.1:12345" */
  origin: string;
}

/** Starts a registry of containers' images on the loopback, with the content that its folder holds. */
export async function startRegistry({ kind, program, folder, onDeath }: RegistryOptions): Promise<RunningRegistry> {
  await mkdir(folder, { recursive: true });
  const port = await lastingPort();
  const origin = `http://127.0.0.1:${port}`;
  const service = await Service.start({
    name: `${kind} (a local registry)`,
    command: program,
    args: await argumentsOf(kind, folder, port),
    // It sends measurements of itself nowhere.
    env: { PATH: process.env.PATH, HOME: folder, OTEL_TRACES_EXPORTER: "none" },
    folder,
    logFile: join(folder, "registry.log"),
    ready: () =>
      fetch(`${origin}/v2/`).then(
        ({ ok }) => ok,
        () => false,
      ),
    patience: 30_000,
    onDeath,
  });
  return { service, origin };
}

async function argumentsOf(kind: RegistryKind, folder: string, port: number): Promise<string[]> {
  const content = join(folder, "content");
  await mkdir(content, { recursive: true });
  if (kind === "olareg") {
    // What has no tag is not cleared away: neither AWS nor Azure does that unasked.
    const kept = ["--gc-frequency", "-1s"];
    return [
      "serve",
      "--addr",
      "127.0.0.1",
      "--port",
      String(port),
      "--dir",
      content,
      "--api-delete",
      "--api-blob-delete",
      ...kept,
    ];
  }
  const file = join(folder, "config.json");
  const config = {
    version: 0.1,
    log: { level: "warn" },
    storage: {
      filesystem: { rootdirectory: content },
      delete: { enabled: true },
      maintenance: { uploadpurging: { enabled: false } },
    },
    http: { addr: `127.0.0.1:${port}` },
    // Layers that are kept elsewhere are taken note of, from wherever.
    validation: { manifests: { urls: { allow: [".*"] } } },
  };
  // JSON is YAML.
  await writeFile(file, JSON.stringify(config));
  return ["serve", file];
}
