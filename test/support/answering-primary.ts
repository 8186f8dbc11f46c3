import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeCertificate } from "../../rehearsal/local/certificate.ts";
import { issueForHosts } from "../../rehearsal/local/host-certificate.ts";
import { Endpoint } from "../rehearsal/dns/endpoint.ts";
import { awsAt, withEnvironment } from "./environment.ts";

const LISTING =
  '<?xml version="1.0"?><ListBucketResult><Contents><Key>index.html</Key><Size>3</Size></Contents></ListBucketResult>';

/** The primary as questions find it: its app, its edge and its bucket, all at this machine. */
export class AnsweringPrimary {
  /** The status with which the app tells of its health. */
  health = 200;
  /** Called when the app is asked. */
  onAsked: () => void = () => {};
  #folder = "";
  #edge!: Endpoint;
  readonly #bucket = new Endpoint();
  #restore = () => {};

  async start(): Promise<void> {
    this.#folder = mkdtempSync(join(tmpdir(), "answering-primary-"));
    const authority = await makeCertificate(this.#folder);
    const hosts = ["app.example.com", "content.example.com"];
    this.#edge = await new Endpoint(await issueForHosts(authority, hosts)).open();
    this.#edge.act = ({ headers }, outgoing) => {
      const isApp = headers.host === "app.example.com";
      if (isApp) this.onAsked();
      outgoing.writeHead(isApp ? this.health : 200).end("well");
    };
    await this.#bucket.open();
    this.#bucket.body = LISTING;
    const file = join(this.#folder, "addresses.json");
    const here = `127.0.0.1:${this.#edge.port}`;
    writeFileSync(file, JSON.stringify({ "shop-1.elb.amazonaws.com:443": here, "d1.cloudfront.net:443": here }));
    this.#restore = withEnvironment({ HOST_ADDRESSES: file, ...awsAt(`http://127.0.0.1:${this.#bucket.port}`) });
  }

  async stop(): Promise<void> {
    this.#restore();
    await this.#edge[Symbol.asyncDispose]();
    await this.#bucket[Symbol.asyncDispose]();
    rmSync(this.#folder, { recursive: true });
  }
}

/** A primary that is well before each test of a suite. */
export function useAnsweringPrimary(): AnsweringPrimary {
  const primary = new AnsweringPrimary();
  before(() => primary.start());
  beforeEach(() => Object.assign(primary, { health: 200, onAsked: () => {} }));
  after(() => primary.stop());
  return primary;
}
