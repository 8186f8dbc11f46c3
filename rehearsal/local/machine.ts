import { mkdir, writeFile } from "node:fs/promises";
import { request as httpRequest, type RequestOptions } from "node:http";
import { request as httpsRequest } from "node:https";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { SITE_DOCUMENT_PATH } from "../../components/site-document.ts";
import { readSite } from "../app/site.ts";
import type { Certificate } from "./certificate.ts";
import { applyUserData } from "./cloud-init.ts";
import { issueForHosts } from "./host-certificate.ts";
import { freeAddress } from "./loopback.ts";
import type { Target } from "./pool.ts";
import { Service } from "./service.ts";
import { strangers } from "./strangers.ts";

/** What the image of every machine holds. */
const APP = fileURLToPath(new URL("../app/main.ts", import.meta.url));

/** How long a boot may take, in milliseconds: under a second here, several times over on busy cores. */
const PATIENCE = 60_000;

/** From the death of the app to its next start, in milliseconds. */
const PAUSE = 300;

/** The app's certificate on a machine's disk, which its image brings and renews. */
const CERTIFICATE_FILE = "certificate.pem";
const KEY_FILE = "key.pem";

/** What makes a machine what it is; fixed at its launch. */
export interface MachinePlan {
  /** A cloud-config, as its cloud hands it over. */
  userData: string;
  /** What its cloud adds to the environment: how the SDKs find it and sign in. */
  environment: NodeJS.ProcessEnv;
  /** Who vouches for the app's certificate, where the app ends TLS itself; without it the app speaks plain HTTP. */
  authority?: Certificate;
}

/** The stand-in of one virtual machine: the workload's app as a process, at an address of its own. */
export class Machine implements AsyncDisposable {
  readonly #target: Target;
  readonly #folder: string;
  readonly #plan: MachinePlan;
  readonly #healthPath: string;
  #service: Service | undefined;
  /** What brings the app up again; done with, or still at it. */
  #restarting: Promise<void> | undefined;
  #stopped = false;
  #restarts = 0;

  private constructor(target: Target, folder: string, plan: MachinePlan, healthPath: string) {
    this.#target = target;
    this.#folder = folder;
    this.#plan = plan;
    this.#healthPath = healthPath;
  }

  /**
   * Boots a machine and waits until its app answers, well or not.
   *
   * @param folder gets a folder for the machine: its disk, and its log
   * @throws Error when the user data or the app is not in order
   */
  static async launch(id: string, folder: string, plan: MachinePlan): Promise<Machine> {
    const own = join(folder, id);
    await mkdir(own, { recursive: true });
    await applyUserData(plan.userData, own);
    const { port, healthPath, appName } = await readSite(join(own, SITE_DOCUMENT_PATH));
    if (plan.authority) await writeCertificate(plan.authority, appName, own);
    const machine = new Machine({ id, host: await freeAddress(port), port }, own, plan, healthPath);
    await machine.#start();
    return machine;
  }

  /** Where the app answers. */
  get target(): Target {
    return this.#target;
  }

  get pid(): number | undefined {
    return this.#service?.pid;
  }

  /** How often the app was started again because it had died. */
  get restarts(): number {
    return this.#restarts;
  }

  /** Ends the machine as a loss of power would; it stays where it is. */
  async kill(): Promise<void> {
    this.#stopped = true;
    await this.#service?.kill();
    await this.#restarting;
    await this.#service?.kill();
  }

  /** Boots a machine that was killed, at the address that it had. @throws ServiceError when its app does not come up */
  async revive(): Promise<void> {
    this.#stopped = false;
    await this.#start();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped = true;
    await this.#restarting;
    await this.#service?.stop();
  }

  async #start(): Promise<void> {
    const { id, host } = this.#target;
    this.#service = await Service.start({
      name: `The app on the machine ${id}`,
      command: process.execPath,
      args: [APP, join(this.#folder, SITE_DOCUMENT_PATH)],
      env: { PATH: process.env.PATH, HOME: this.#folder, HOST: host, ...this.#plan.environment, ...this.#tls() },
      folder: this.#folder,
      logFile: join(this.#folder, "app.log"),
      ready: () => this.#answers(),
      patience: PATIENCE,
      onDeath: () => {
        this.#restarting = this.#startAgain();
      },
    });
  }

  /** As its supervisor does on a real machine; its log keeps the reason. */
  async #startAgain(): Promise<void> {
    for (;;) {
      await delay(PAUSE);
      if (this.#stopped) return;
      this.#restarts += 1;
      const started = await this.#start().then(
        () => true,
        () => false,
      );
      if (started) return;
    }
  }

  #tls(): NodeJS.ProcessEnv {
    if (!this.#plan.authority) return {};
    return {
      TLS_CERTIFICATE_FILE: join(this.#folder, CERTIFICATE_FILE),
      TLS_KEY_FILE: join(this.#folder, KEY_FILE),
    };
  }

  #answers(): Promise<boolean> {
    const { host, port } = this.#target;
    const secure = this.#plan.authority !== undefined;
    const options: RequestOptions & { rejectUnauthorized: false } = {
      host,
      port,
      path: this.#healthPath,
      agent: secure ? strangers() : false,
      rejectUnauthorized: false,
    };
    const request = secure ? httpsRequest : httpRequest;
    return new Promise((resolve) => {
      request(options, (response) => {
        response.resume();
        resolve(true);
      })
        .once("error", () => resolve(false))
        .end();
    });
  }
}

async function writeCertificate(authority: Certificate, name: string, folder: string): Promise<void> {
  const { certificate, key } = await issueForHosts(authority, [name]);
  await writeFile(join(folder, CERTIFICATE_FILE), certificate);
  await writeFile(join(folder, KEY_FILE), key, { mode: 0o600 });
}
