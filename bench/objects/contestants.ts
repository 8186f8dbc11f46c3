import { join } from "node:path";
import { bundleFile } from "../../components/function-bundle.ts";
import type { Program } from "../process.ts";
import type { Missing, Tool } from "../tools.ts";
import { REGION, type SourceBucket } from "./source.ts";

/** So many objects are under way at once, whoever copies. */
export const CONCURRENCY = 32;

/** One way from a bucket into an empty container. */
export interface Crossing {
  source: SourceBucket;
  target: { endpoint: string; container: string; sas: string; token: string };
  /** Folder for what a contestant leaves behind. */
  folder: string;
  /** The certificate that both sides show, which a contestant is to trust. */
  certificateFile: string;
}

/** Somebody who copies. */
export interface Contestant {
  name: string;
  version: string;
  /** What has to be known to read its numbers. */
  note?: string;
  /** The program that makes a crossing; or why it can't make this one. */
  program(crossing: Crossing): Program | Missing;
}

/** What is measured for {@link ours}, and what its process is told. */
export interface OurTask {
  source: Pick<SourceBucket, "endpoint" | "accessKeyId" | "secretAccessKey" | "bucket"> & { region: string };
  target: { endpoint: string; container: string; token: string };
  concurrency: number;
  /** Whether it loads what else the function has in it, its clients of SQS, STS and Entra. */
  whole: boolean;
}

/** The code of the replicator, bundled and run as the function is, in a process of its own. */
export function ours({ whole = false } = {}): Contestant {
  return {
    name: "ours",
    version: `Node ${process.versions.node}`,
    program: ({ source, target, folder, certificateFile }) => {
      const task: OurTask = { source: { ...source, region: REGION }, target, concurrency: CONCURRENCY, whole };
      return {
        command: process.execPath,
        args: ["--max-semi-space-size=4", bundleFile("../bench/objects/ours.ts"), JSON.stringify(task)],
        environment: { ...basics(folder), NODE_EXTRA_CA_CERTS: certificateFile },
        folder,
      };
    },
  };
}

/** rclone as its own pages have it for S3: without a second look at each object for a time of its own. */
export function rclone({ command, version }: Tool): Contestant {
  const many = String(CONCURRENCY);
  return {
    name: "rclone",
    version,
    program: ({ source, target, folder, certificateFile }) => ({
      command,
      args: [
        ...["copy", `source:${source.bucket}`, `target:${target.container}`],
        ...["--transfers", many, "--checkers", many, "--use-server-modtime", "--ca-cert", certificateFile],
      ],
      environment: {
        ...basics(folder),
        RCLONE_CONFIG: "",
        RCLONE_CONFIG_SOURCE_TYPE: "s3",
        RCLONE_CONFIG_SOURCE_PROVIDER: "Other",
        RCLONE_CONFIG_SOURCE_ENDPOINT: source.endpoint,
        RCLONE_CONFIG_SOURCE_REGION: REGION,
        RCLONE_CONFIG_SOURCE_ACCESS_KEY_ID: source.accessKeyId,
        RCLONE_CONFIG_SOURCE_SECRET_ACCESS_KEY: source.secretAccessKey,
        RCLONE_CONFIG_TARGET_TYPE: "azureblob",
        RCLONE_CONFIG_TARGET_SAS_URL: `${target.endpoint}?${target.sas}`,
      },
      folder,
    }),
  };
}

/**
 * AzCopy takes S3 from Amazon's own hosts only, and has Azure pull the bytes, which Azurite can't. Here it has the
 * easier half of the work: it uploads the files in which the gateway keeps its objects.
 */
export function azcopy({ command, version }: Tool): Contestant {
  return {
    name: "azcopy",
    version,
    note: "uploads files: it neither lists nor reads S3 here",
    program: ({ source, target, folder, certificateFile }) => {
      if (!source.folder) return { missing: "reads S3 from Amazon's own hosts only, and this source has no files" };
      return {
        command,
        args: [
          ...["copy", `${source.folder}/*`, `${target.endpoint}${target.container}?${target.sas}`],
          ...["--recursive", "--from-to", "LocalBlob", "--log-level", "NONE", "--skip-version-check"],
        ],
        environment: {
          ...basics(folder),
          SSL_CERT_FILE: certificateFile,
          AZCOPY_CONCURRENCY_VALUE: String(CONCURRENCY),
          AZCOPY_LOG_LOCATION: join(folder, "azcopy"),
          AZCOPY_JOB_PLAN_LOCATION: join(folder, "azcopy"),
        },
        folder,
      };
    },
  };
}

function basics(folder: string): Record<string, string> {
  return { PATH: process.env.PATH ?? "", HOME: folder };
}
