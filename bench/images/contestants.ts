import { join } from "node:path";
import { bundleFile } from "../../components/function-bundle.ts";
import type { DiskTool } from "../../rehearsal/tools/qemu.ts";
import type { Program } from "../process.ts";
import type { Tool } from "../tools.ts";

/** What is measured for {@link ours}, and what its process is told. */
export interface OurTask {
  /** The exported disk. */
  file: string;
  /** URL of the container, and a name in it. */
  container: string;
  blob: string;
  token: string;
}

/** One way from an exported disk's file into a page blob. */
export interface DiskCrossing extends OurTask {
  sas: string;
  /** Folder for what a contestant leaves behind. */
  folder: string;
  certificateFile: string;
}

/** Somebody who carries disks. */
export interface DiskContestant {
  name: string;
  version: string;
  program(crossing: DiskCrossing): Program;
}

/** The code of the function, bundled and run as that is, in a process of its own. */
export function ours(): DiskContestant {
  return {
    name: "ours",
    version: `Node ${process.versions.node}`,
    program: ({ folder, certificateFile, file, container, blob, token }) => ({
      command: process.execPath,
      args: [bundleFile("../bench/images/ours.ts"), JSON.stringify({ file, container, blob, token } satisfies OurTask)],
      environment: { ...basics(folder), NODE_EXTRA_CA_CERTS: certificateFile },
      folder,
    }),
  };
}

/** What Azure's own pages have for it: a fixed disk is written to a file first, and that is uploaded. */
export function qemuAndAzCopy(qemu: DiskTool, azcopy: Tool): DiskContestant {
  return {
    name: "qemu-img + azcopy",
    version: `${qemu.version}, AzCopy ${azcopy.version}`,
    program: ({ folder, certificateFile, file, container, blob, sas }) => {
      const fixed = join(folder, "fixed.vhd");
      const convert = [...qemu.command, "convert", "-f", "vpc", "-O", "vpc", "-o", "subformat=fixed,force_size=on"];
      const copy = [azcopy.command, "copy", fixed, `${container}/${blob}?${sas}`];
      const options = [
        "--blob-type",
        "PageBlob",
        "--from-to",
        "LocalBlob",
        "--log-level",
        "NONE",
        "--skip-version-check",
      ];
      const line = (words: string[]) => words.map((word) => `'${word}'`).join(" ");
      return {
        command: "/bin/sh",
        args: ["-c", `${line([...convert, file, fixed])} && ${line([...copy, ...options])}`],
        environment: {
          ...basics(folder),
          SSL_CERT_FILE: certificateFile,
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
