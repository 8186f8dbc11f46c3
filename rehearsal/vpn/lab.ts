import { existsSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { Service, type ServiceError } from "../local/service.ts";
import type { VpnTools } from "../tools/vpn.ts";

export interface LabOptions {
  tools: VpnTools;
  /** Folder for logs and settings. */
  folder: string;
  /** Called once when something in it dies before anybody stopped it. */
  onDeath(error: ServiceError): void;
}

/**
 * Sets up the lab's own view of the system, in which /run is its own, and the root of strongSwan: the unpacked packages
 * with the machine's devices. Each daemon adds settings of its own.
 */
const SET_UP = `
  set -e
  mount -t tmpfs tmpfs /run
  mkdir /run/netns /run/root
  mount -t tmpfs tmpfs /run/root
  cd /run/root
  mkdir usr dev proc sys etc run tmp var
  mount --bind "$0/usr" usr
  mount --rbind /dev dev
  mount -t proc proc proc
  for folder in bin sbin lib lib64; do ln -s "usr/$folder" "$folder"; done
  ln -s ../run var/run
  echo ready > "$1"
  exec sleep infinity
`;

/** Runs a program with strongSwan's root, where its own folder's `etc` and `run` are. */
const IN_ROOT = `
  set -e
  mount --bind "$0/etc" /run/root/etc
  mount --bind "$0/run" /run/root/run
  mkdir -p /run/root/run/netns
  mount --rbind /run/netns /run/root/run/netns
  exec chroot /run/root "$@"
`;

/**
 * Network namespaces and everything that runs in them, below one process: when that ends, however it does, the kernel
 * ends the rest, and nothing is left on the machine. Names are known inside alone, so labs do not meet.
 */
export class Lab implements AsyncDisposable {
  readonly tools: VpnTools;
  readonly folder: string;
  readonly onDeath: (error: ServiceError) => void;
  readonly #holder: Service;
  readonly #entrance: string[];

  private constructor({ tools, folder, onDeath }: LabOptions, holder: Service) {
    this.tools = tools;
    this.folder = folder;
    this.onDeath = onDeath;
    this.#holder = holder;
    const namespaces = `/proc/${holder.pid}/ns`;
    this.#entrance = ["nsenter", `--mount=${namespaces}/mnt`, `--pid=${namespaces}/pid_for_children`, "--"];
  }

  /** @throws ServiceError when the machine does not let it; see `whyNoTunnels` */
  static async start(options: LabOptions): Promise<Lab> {
    const { tools, folder, onDeath } = options;
    const ready = join(folder, "ready");
    const holder = await Service.start({
      name: "the network namespaces",
      command: "unshare",
      args: ["--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "sh", "-c", SET_UP, tools.root, ready],
      env: { PATH: process.env.PATH },
      folder,
      logFile: join(folder, "namespaces.log"),
      ready: async () => existsSync(ready),
      patience: 10_000,
      onDeath,
    });
    return new Lab(options, holder);
  }

  /** The command line that runs a program in a namespace. */
  inside(namespace: string, command: readonly string[]): string[] {
    return [...this.#entrance, ...this.tools.command("ip"), "netns", "exec", namespace, ...command];
  }

  /** The command line that runs a program of strongSwan's in a namespace. @param folder has its `etc` and `run` */
  insideRoot(namespace: string, folder: string, command: readonly string[]): string[] {
    return this.inside(namespace, ["unshare", "--mount", "sh", "-c", IN_ROOT, folder, ...command]);
  }

  /** Carries out lines of `ip`, in a namespace or in none. @example ip("aws", ["link set lo up"]) */
  async ip(namespace: string | undefined, lines: readonly string[]): Promise<void> {
    const within = namespace === undefined ? [] : ["-n", namespace];
    await this.#run([...this.#entrance, ...this.tools.command("ip"), ...within, "-batch", "-"], lines.join("\n"));
  }

  /** Runs a program in a namespace to its end, and gives what it prints. @throws Error with that when it fails */
  read(namespace: string, command: readonly string[]): Promise<string> {
    return this.#run(this.inside(namespace, command));
  }

  /** Ends all of it at once: nothing in it has anything to keep. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#holder.kill();
  }

  async #run([command = "", ...args]: string[], input = ""): Promise<string> {
    const { stdout } = await execa(command, args, { input });
    return stdout;
  }
}
