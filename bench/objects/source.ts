import { mkdir } from "node:fs/promises";
import { request } from "node:https";
import { join } from "node:path";
import { CreateBucketCommand, PutBucketVersioningCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import getPort from "get-port";
import pLimit from "p-limit";
import { startMiniStack } from "../../rehearsal/aws/ministack.ts";
import type { Certificate } from "../../rehearsal/local/certificate.ts";
import { Service, type ServiceError } from "../../rehearsal/local/service.ts";
import type { Tool } from "../tools.ts";
import { contentOf, keyOf, type Workload } from "./workloads.ts";

/** Access key of the sources; the emulator takes it for the number of the account. */
const ACCESS_KEY = "111122223333";
const SECRET_KEY = "local";
export const REGION = "eu-west-1";

export interface SourceOptions {
  folder: string;
  certificate: Certificate;
  onDeath(error: ServiceError): void;
}

/** A bucket that everybody copies from. */
export interface SourceBucket {
  /** Without a slash at the end. */
  endpoint: string;
  accessKeyId: string;
  secretAccessKey: string;
  bucket: string;
  /** Where its objects lie as files, where they do. */
  folder?: string;
}

/** An S3 service with buckets of workloads. */
export class Source implements AsyncDisposable {
  readonly #endpoint: string;
  readonly #service: Service;
  readonly #folder: string | undefined;
  readonly #s3: S3Client;

  private constructor(endpoint: string, service: Service, folder?: string) {
    this.#endpoint = endpoint;
    this.#service = service;
    this.#folder = folder;
    const credentials = { accessKeyId: ACCESS_KEY, secretAccessKey: SECRET_KEY };
    this.#s3 = new S3Client({ endpoint, credentials, region: REGION, forcePathStyle: true });
  }

  /** The emulator of the rehearsal. @param python the Python that has it */
  static async ministack(python: string, options: SourceOptions): Promise<Source> {
    const folder = join(options.folder, "ministack");
    await mkdir(folder);
    const endpoint = {
      url: `https://127.0.0.1:${await getPort()}`,
      certificateFile: options.certificate.certificateFile,
      accountId: ACCESS_KEY,
      secretAccessKey: SECRET_KEY,
    };
    const service = await startMiniStack({ ...options, python, folder, endpoint, environment: {} });
    return new Source(endpoint.url, service);
  }

  /** A gateway to a folder, which keeps versions as the primary's bucket does. */
  static async versitygw({ command }: Tool, options: SourceOptions): Promise<Source> {
    const folder = join(options.folder, "versitygw");
    const root = join(folder, "objects");
    const versions = join(folder, "versions");
    await Promise.all([root, versions].map((path) => mkdir(path, { recursive: true })));
    const port = await getPort();
    const { certificateFile, keyFile } = options.certificate;
    const service = await Service.start({
      name: "versitygw (the fast S3 server)",
      command,
      args: [
        ...["--port", `127.0.0.1:${port}`, "--access", ACCESS_KEY, "--secret", SECRET_KEY, "--region", REGION],
        // S3 keeps connections, and everybody here uses them again.
        ...["--cert", certificateFile, "--key", keyFile, "--keep-alive", "--quiet"],
        ...["posix", "--versioning-dir", versions, root],
      ],
      env: { PATH: process.env.PATH, HOME: folder },
      folder,
      logFile: join(folder, "versitygw.log"),
      ready: () => answers(port),
      patience: 30_000,
      onDeath: options.onDeath,
    });
    return new Source(`https://127.0.0.1:${port}`, service, root);
  }

  /** A new bucket with the objects of a workload. */
  async fill({ name, objects, bytes }: Workload, signal: AbortSignal): Promise<SourceBucket> {
    const Bucket = name.toLowerCase();
    await this.#s3.send(new CreateBucketCommand({ Bucket }));
    await this.#s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Enabled" } }));
    // Few large objects at once: each is held whole.
    const limit = pLimit(bytes > 1024 * 1024 ? 1 : 16);
    const put = (number: number) => {
      const more = { ContentType: "application/octet-stream", CacheControl: "max-age=3600" };
      const command = new PutObjectCommand({
        ...{ Bucket, Key: keyOf(number), Body: contentOf(number, 0, bytes), ...more },
      });
      return this.#s3.send(command, { abortSignal: signal });
    };
    await Promise.all(Array.from({ length: objects }, (_, number) => limit(put, number)));
    return {
      endpoint: this.#endpoint,
      accessKeyId: ACCESS_KEY,
      secretAccessKey: SECRET_KEY,
      bucket: Bucket,
      ...(this.#folder && { folder: join(this.#folder, Bucket) }),
    };
  }

  get pid(): number {
    return this.#service.pid ?? 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#s3.destroy();
    await this.#service.stop();
  }
}

/** Whether it answers at all: a server without a health page says so by refusing. */
function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    request({ host: "127.0.0.1", port, path: "/", rejectUnauthorized: false }, (response) => {
      response.resume();
      resolve(true);
    })
      .on("error", () => resolve(false))
      .end();
  });
}
