import { DnsServer } from "../../rehearsal/dns/dns-server.ts";
import { answer, type Records } from "../../rehearsal/dns/route53.ts";
import { Names } from "../../rehearsal/local/names.ts";

const ZONE = "example.com";

/** A name server with one zone, which this process asks for the time of a suite. */
export class NameServer {
  /** Which host each name of the zone leads to. */
  readonly aliases = new Map<string, string>();
  /** Called at each question, with the name. */
  onAsked: (name: string) => void = () => {};
  #server: DnsServer | undefined;
  readonly #former = process.env.DNS_SERVERS;

  async start(): Promise<void> {
    this.#server = await DnsServer.start({
      names: new Names(),
      answer: (query) => {
        this.onAsked(query.name);
        return answer(this.#records(), query, new Map(), () => 0);
      },
    });
    const { host, port } = this.#server.address;
    process.env.DNS_SERVERS = `${host}:${port}`;
  }

  async stop(): Promise<void> {
    if (this.#former === undefined) delete process.env.DNS_SERVERS;
    else process.env.DNS_SERVERS = this.#former;
    await this.#server?.[Symbol.asyncDispose]();
  }

  clear(): void {
    this.aliases.clear();
    this.onAsked = () => {};
  }

  #records(): Records {
    const own: Records["sets"] = [
      {
        Name: `${ZONE}.`,
        Type: "SOA",
        TTL: 900,
        ResourceRecords: [{ Value: `ns.${ZONE}. host.${ZONE}. 1 7200 900 1209600 60` }],
      },
      { Name: `text.${ZONE}.`, Type: "TXT", TTL: 60, ResourceRecords: [{ Value: '"no alias"' }] },
    ];
    const aliases = [...this.aliases].map(([name, host]) => ({
      ...{ Name: `${name}.`, Type: "CNAME" as const, TTL: 60, ResourceRecords: [{ Value: host }] },
    }));
    return { name: ZONE, sets: [...own, ...aliases] };
  }
}

/** A name server of which nobody knows anything before each test of a suite. */
export function useNameServer(): NameServer {
  const server = new NameServer();
  before(() => server.start());
  beforeEach(() => server.clear());
  after(() => server.stop());
  return server;
}
