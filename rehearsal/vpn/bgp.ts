import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { Service } from "../local/service.ts";
import { renderBird, type Speaker } from "./bird.ts";
import type { Lab } from "./lab.ts";

/** How long a speaker may take to start, in milliseconds. */
const PATIENCE = 10_000;

/** A speaker of BGP in a namespace, whose routes it sets: BIRD. */
export class Bgp implements AsyncDisposable {
  readonly #service: Service;
  readonly #control: string[];

  private constructor(service: Service, control: string[]) {
    this.#service = service;
    this.#control = control;
  }

  static async start(lab: Lab, namespace: string, speaker: Speaker): Promise<Bgp> {
    const folder = join(lab.folder, `bgp-${namespace}`);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "bird.conf"), renderBird(speaker));
    const socket = join(folder, "socket");
    const daemon = [...lab.tools.command("bird"), "-f", "-c", join(folder, "bird.conf"), "-s", socket];
    const [command = "", ...args] = lab.inside(namespace, [...daemon, "-P", join(folder, "pid")]);
    const control = [...lab.tools.command("birdc"), "-s", socket];
    const service = await Service.start({
      ...{ name: `BGP of ${namespace}`, command, args, folder },
      env: { PATH: process.env.PATH },
      logFile: join(folder, "bird.log"),
      ready: async () => (await ask(control, "show status")).includes("up and running"),
      patience: PATIENCE,
      onDeath: lab.onDeath,
    });
    return new Bgp(service, control);
  }

  /** Names of the sessions that are established. */
  async established(): Promise<string[]> {
    const lines = (await ask(this.#control, "show protocols")).split("\n");
    return lines.filter((line) => / BGP .* Established/.test(line)).map((line) => line.split(/\s+/)[0] ?? "");
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#service.kill();
  }
}

async function ask([command = "", ...args]: string[], question: string): Promise<string> {
  const { stdout } = await execa(command, [...args, ...question.split(" ")], { stdin: "ignore" });
  return stdout;
}
