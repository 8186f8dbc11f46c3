import { access, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { MysqlServers } from "../local/mysql-servers.ts";
import type { Service } from "../local/service.ts";
import type { Hosting } from "./hosting.ts";
import { memoryOf, outagesOf } from "./ministack.ts";

/** How long the emulator may take to write down what it knows, in milliseconds: under a second for a small site. */
const PATIENCE = 60_000;

export interface AwsOutageOptions {
  /** The emulator's own. */
  folder: string;
  hosting: Hosting;
  /** Among others those of this AWS, by their ARNs. */
  databases: MysqlServers;
  /** Starts the emulator, with what it knew when it died. */
  startEmulator(): Promise<Service>;
}

/** The outages of a local AWS, of all of it or of parts; what is out comes back with its data. */
export class AwsOutage {
  readonly #options: AwsOutageOptions;
  #emulator: Service;
  #isDead = false;
  /** What starts each group of databases again that was killed. */
  #databases: (() => Promise<void>)[] = [];

  private constructor(options: AwsOutageOptions, emulator: Service) {
    this.#options = options;
    this.#emulator = emulator;
  }

  /** @throws ServiceError when the emulator does not start */
  static async ready(options: AwsOutageOptions): Promise<AwsOutage> {
    return new AwsOutage(options, await options.startEmulator());
  }

  get emulator(): Service {
    return this.#emulator;
  }

  /** Everything dies at once: the APIs and what they run, databases, servers, load balancers and edges. */
  async kill(): Promise<void> {
    if (this.#isDead) return;
    this.#isDead = true;
    const { hosting } = this.#options;
    hosting.doors.shut();
    await Promise.all([this.#emulator.die("SIGUSR1"), this.killDatabase(), hosting.killServers()]);
  }

  /** Everything comes back at the places that it had, and every part with it. @throws ServiceError when it does not */
  async revive(): Promise<void> {
    const { folder, hosting, startEmulator } = this.#options;
    await Promise.all([this.reviveDatabase(), this.reviveContent(), this.reviveControlPlane()]);
    if (!this.#isDead) return;
    await isThere(memoryOf(folder));
    await hosting.doors.open();
    this.#emulator = await startEmulator();
    await hosting.reviveServers();
    this.#isDead = false;
  }

  /** Servers and databases die; the APIs live, as when a region is lost and Route 53 is not. */
  async killSite(): Promise<void> {
    await Promise.all([this.killDatabase(), this.#options.hosting.killServers()]);
  }

  /** @throws ServiceError when a part of it does not come back */
  async reviveSite(): Promise<void> {
    await this.reviveDatabase();
    await this.#options.hosting.reviveServers();
  }

  /** Users reach neither load balancers nor edges; behind them all lives. */
  cutOff(): void {
    this.#options.hosting.doors.shut();
  }

  rejoin(): Promise<void> {
    return this.#options.hosting.doors.open();
  }

  /** The database instances die, and nothing else. */
  async killDatabase(): Promise<void> {
    this.#databases.push(await this.#options.databases.kill((id) => id.startsWith("arn:aws:rds:")));
  }

  /** The databases recover what they had, and are there again. @throws ServiceError when one is not */
  async reviveDatabase(): Promise<void> {
    await Promise.all(this.#databases.splice(0).map((start) => start()));
  }

  /** S3 and CloudFront answer 503, to users and to servers; everything else lives. */
  async killContent(): Promise<void> {
    this.#options.hosting.contentIsDown = true;
    await writeFile(this.#switch("s3"), "");
  }

  async reviveContent(): Promise<void> {
    this.#options.hosting.contentIsDown = false;
    await rm(this.#switch("s3"), { force: true });
  }

  /** Route 53's API answers 503. Its name servers and health checkers are another's, and go on. */
  async killControlPlane(): Promise<void> {
    await writeFile(this.#switch("route53"), "");
  }

  async reviveControlPlane(): Promise<void> {
    await rm(this.#switch("route53"), { force: true });
  }

  #switch(service: "s3" | "route53"): string {
    return join(outagesOf(this.#options.folder), service);
  }
}

/** Waits until a file is there. @throws Error when it does not come */
async function isThere(file: string): Promise<void> {
  const deadline = performance.now() + PATIENCE;
  const look = () =>
    access(file).then(
      () => true,
      () => false,
    );
  while (!(await look())) {
    if (performance.now() > deadline) {
      throw new Error(
        `expected ${file} within ${PATIENCE / 1000} s of the local AWS's death, found nothing; its log says why`,
      );
    }
    await delay(50);
  }
}
