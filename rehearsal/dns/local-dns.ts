import type { EventEmitter } from "node:events";
import { plainName } from "../aws/actuators/records.ts";
import type { Certificate } from "../local/certificate.ts";
import type { Clock } from "../local/clock.ts";
import type { Address } from "../local/names.ts";
import { type CheckHealth, DataPlane, type DataPlaneOptions, type HealthChange } from "./data-plane.ts";
import { DnsServer } from "./dns-server.ts";
import { Resolver } from "./resolver.ts";
import type { Answer } from "./route53.ts";
import { StatusEndpoint } from "./status-endpoint.ts";

export interface LocalDnsOptions extends DataPlaneOptions {
  /** What the status endpoint shows, and what it trusts the emulator by. */
  certificate: Certificate;
  /** Where the emulator of the control plane answers. */
  emulatorUrl: string;
}

/**
 * The local Route 53 as users meet it: its data plane with health checkers and a name server, which go on when the
 * control plane is dead, and in front of the control plane what the emulator of it lacks.
 */
export class LocalDns implements AsyncDisposable {
  readonly #plane: DataPlane;
  readonly #server: DnsServer;
  readonly #status: StatusEndpoint;
  readonly #clock: Clock;
  readonly #detours: Map<string, string>;
  readonly #disposables: AsyncDisposableStack;

  private constructor(
    plane: DataPlane,
    server: DnsServer,
    status: StatusEndpoint,
    clock: Clock,
    detours: Map<string, string>,
    disposables: AsyncDisposableStack,
  ) {
    this.#plane = plane;
    this.#server = server;
    this.#status = status;
    this.#clock = clock;
    this.#detours = detours;
    this.#disposables = disposables;
  }

  /** Starts everything. A control plane that does not answer is no hindrance: what it has is there when it does. */
  static async start(options: LocalDnsOptions): Promise<LocalDns> {
    await using disposables = new AsyncDisposableStack();
    const plane = disposables.use(new DataPlane(options));
    const detours = new Map<string, string>();
    const server = disposables.use(
      await DnsServer.start({ ...options, answer: (query) => detoured(plane.answer(query), detours) }),
    );
    const status = disposables.use(await StatusEndpoint.start({ ...options, plane }));
    await plane.sync().catch(() => {});
    return new LocalDns(plane, server, status, options.clock, detours, disposables.move());
  }

  /** Tells of every change of a check's health: `events.on("change", …)`. */
  get events(): EventEmitter<{ change: [HealthChange] }> {
    return this.#plane.events;
  }

  /** Where the name server listens, over UDP. */
  get address(): Address {
    return this.#server.address;
  }

  /** The control plane with the health checks' status: for AWS_ENDPOINT_URL_ROUTE_53. */
  get statusUrl(): string {
    return this.#status.url;
  }

  /** What one client has to resolve names: keeps its own answers. */
  resolver(): Resolver {
    return new Resolver(this.address, this.#clock);
  }

  /** All health checks by id. */
  health(): Map<string, CheckHealth> {
    return this.#plane.health();
  }

  /**
   * Has whoever is led to a host go by another address: the way to it from where they are.
   *
   * @returns what ends it
   */
  detour(host: string, address: string): () => void {
    this.#detours.set(plainName(host), address);
    return () => this.#detours.delete(plainName(host));
  }

  /** Copies the control plane at once instead of within a second. @throws when it does not answer */
  sync(): Promise<void> {
    return this.#plane.sync();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#disposables.disposeAsync();
  }
}

/** An answer whose last record leads another way. */
function detoured(given: Answer | undefined, detours: ReadonlyMap<string, string>): Answer | undefined {
  const last = given?.sets.at(-1);
  const address = detours.get(plainName(last?.ResourceRecords?.[0]?.Value));
  if (!given || !last || address === undefined) return given;
  return { ...given, sets: [...given.sets.slice(0, -1), { ...last, ResourceRecords: [{ Value: address }] }] };
}
